/** Sphinx's binary model definition (`mdef`): phones, contexts, and their senones. */
import { STATES, type PhoneContext, type WordPosition } from '../acoustics/acoustic-model.ts';

export interface PhoneDefinitions {
  phones: readonly string[];
  senonesOf: (phone: number, context?: PhoneContext) => readonly [number, number, number];
}

const HEADER_FIELDS = 10;
const NODE_BYTES = 8;
const PHONE_BYTES = 12;
/** In the order of the file. */
const POSITIONS: readonly WordPosition[] = ['internal', 'begin', 'end', 'single'];

/**
 * The file: magic, version, description, ten counts, phone names, padding, a tree of contexts
 * (nodes of label, children, first child or phone; levels: position, phone, left, right), the
 * phones in context (12 bytes, the first four the senone sequence), the sequences.
 * @throws Error for a file that is not a little-endian model of three-state phones.
 */
export function readPhoneDefinitions(bytes: Buffer): PhoneDefinitions {
  if (bytes.toString('latin1', 0, 4) !== 'BMDF') throw new Error('mdef: not a binary definition');
  const counts = 12 + bytes.readInt32LE(8);
  const count = (index: number) => bytes.readInt32LE(counts + 4 * index);
  const [phoneCount, contextCount, states, nodeCount] = [count(0), count(1), count(2), count(8)];
  if (states !== STATES) throw new Error(`mdef: ${states} states per phone`);
  const namesAt = counts + 4 * HEADER_FIELDS;
  const phones: string[] = [];
  let at = namesAt;
  for (let index = 0; index < phoneCount; index++) {
    const end = bytes.indexOf(0, at);
    phones.push(bytes.toString('latin1', at, end));
    at = end + 1;
  }
  const treeAt = namesAt + Math.ceil((at - namesAt) / 4) * 4;
  const contextsAt = treeAt + NODE_BYTES * nodeCount;
  const sequencesAt = contextsAt + PHONE_BYTES * contextCount + 4;
  const silence = phones.indexOf('SIL');

  const sequence = (phoneInContext: number): readonly [number, number, number] => {
    const id = bytes.readInt32LE(contextsAt + PHONE_BYTES * phoneInContext);
    const senone = (state: number) => bytes.readUInt16LE(sequencesAt + 2 * (STATES * id + state));
    return [senone(0), senone(1), senone(2)];
  };
  const find = (path: readonly number[]): number | undefined => {
    let [first, length] = [0, POSITIONS.length];
    for (const label of path) {
      let node = first;
      const label16 = (index: number) => bytes.readInt16LE(treeAt + NODE_BYTES * index);
      while (node < first + length && label16(node) !== label) node++;
      if (node === first + length) return undefined;
      const below = bytes.readInt32LE(treeAt + NODE_BYTES * node + 4);
      length = bytes.readInt16LE(treeAt + NODE_BYTES * node + 2);
      if (length === 0) return below < 0 ? undefined : below;
      first = below;
    }
    return undefined;
  };
  /** The position wanted, then any other; then the same with silence at the edges of the word. */
  const nearest = (phone: number, { left, right, position }: PhoneContext): number | undefined => {
    const wanted = POSITIONS.indexOf(position);
    const order = [wanted, ...POSITIONS.keys()];
    const outerLeft = position === 'begin' || position === 'single' ? silence : left;
    const outerRight = position === 'end' || position === 'single' ? silence : right;
    for (const [l, r] of [[left, right] as const, [outerLeft, outerRight] as const]) {
      for (const place of order) {
        const found = find([place, phone, l, r]);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
  return {
    phones,
    senonesOf: (phone, context) =>
      sequence((context === undefined ? undefined : nearest(phone, context)) ?? phone),
  };
}
