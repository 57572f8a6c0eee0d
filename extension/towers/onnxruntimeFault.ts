/** What onnxruntime says of an error: its first line, without colours and the place in its sources. */
export function onnxruntimeFault({ message }: Error): string {
  // eslint-disable-next-line no-control-regex -- it colours its messages
  const plain = message.replace(/\u001b\[[\d;]*m/g, '').trim();
  return plain.split('\n')[0].replace(/^\/onnxruntime_src.* was false\. /, '');
}
