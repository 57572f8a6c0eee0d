import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CenterNetDetector } from './detectors/centerNet';
import { ImageTower } from './imageTower';
import { elementType, encodeModel, type GraphProto, type NodeProto } from '../onnx/modelProto';
import { ownGraph } from './ownGraph';

const models = join(__dirname, '../../test/fixtures/models');
const tower = readFileSync(join(models, 'clip-tiny/onnx/vision_model.onnx'));

/** The tower with something added: protobuf messages merge when their bytes are joined. */
function towerWith(
  graph: Partial<GraphProto>,
  functions: { name: string; domain: string }[] = [],
): Uint8Array {
  return Buffer.concat([tower, encodeModel({ graph, functions })]);
}

const elsewhere = {
  name: 'elsewhere',
  dims: [4096, 4096],
  dataType: elementType.float,
  dataLocation: 1,
  externalData: [{ key: 'location', value: 'vision_model.onnx_data' }],
};
const custom: NodeProto = {
  domain: 'my.company',
  opType: 'FastPool',
  input: ['pixel_values'],
  output: ['pooled'],
  attribute: [],
};

describe('a model file that does not hold all it needs', () => {
  it('is refused with the file its weights lie in, and how to bring them in', async () => {
    const refusal = /another file \(vision_model\.onnx_data\).*onnx\.save/;
    const model = towerWith({ initializer: [elsewhere] });
    await expect(ImageTower.load(model, 64, { threads: 1 })).rejects.toThrow(refusal);
    await expect(CenterNetDetector.load(model, 64, { threads: 1 })).rejects.toThrow(refusal);
  });

  it('is refused with the names of its own operators', async () => {
    const twice = towerWith({ node: [custom, { ...custom, output: ['again'] }] });
    await expect(ImageTower.load(twice, 64, { threads: 1 })).rejects.toThrow(
      /operators of its own \(my\.company::FastPool\).*standard ONNX operators/,
    );
  });

  it('is taken when it defines them, or they are those of onnxruntime', () => {
    expect(() =>
      ownGraph(towerWith({ node: [custom] }, [{ name: 'FastPool', domain: 'my.company' }]), {}),
    ).not.toThrow();
    const known = { ...custom, domain: 'com.microsoft', opType: 'QuickGelu' };
    expect(() => ownGraph(towerWith({ node: [known] }), {})).not.toThrow();
  });
});
