import { XMLParser } from 'fast-xml-parser';

/** A part of a text in UTF-16 units, the end not included. */
export interface TextSpan {
  start: number;
  end: number;
}

/** An `<object>` of a Pascal VOC file, and what stands between the tags of its `<name>`. */
export interface VocObjectText {
  whole: TextSpan;
  name: TextSpan | null;
}

interface XmlNode {
  readonly [tag: string]: unknown;
}

const parser = new XMLParser({ preserveOrder: true, captureMetaData: true, processEntities: false });
const placeOf = XMLParser.getMetaDataSymbol() as unknown as keyof XmlNode;

/** Where the objects of a Pascal VOC file stand, in the order of the file. @throws Error when it is no XML. */
export function vocObjects(text: string): VocObjectText[] {
  const document = parser.parse(text, true) as XmlNode[];
  return childrenOf(document, 'annotation').flatMap((annotation) =>
    childrenOf(annotation['annotation'], 'object').map((object) => {
      const [name] = childrenOf(object['object'], 'name');
      return { whole: spanOf(object), name: name ? between(text, spanOf(name)) : null };
    }),
  );
}

function childrenOf(nodes: unknown, tag: string): XmlNode[] {
  return Array.isArray(nodes) ? (nodes as XmlNode[]).filter((node) => tag in node) : [];
}

function spanOf(node: XmlNode): TextSpan {
  const { startIndex, endIndex } = node[placeOf] as { startIndex: number; endIndex: number };
  return { start: startIndex, end: endIndex };
}

/** Between the end of the opening tag and the closing one; null where the element is written as one tag. */
function between(text: string, { start, end }: TextSpan): TextSpan | null {
  const [opened, closed] = [text.indexOf('>', start) + 1, text.lastIndexOf('<', end - 1)];
  return closed >= opened ? { start: opened, end: closed } : null;
}
