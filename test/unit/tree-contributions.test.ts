import assert from 'node:assert/strict';
import fc from 'fast-check';
import { contributionsOfTrees } from '../../src/scoring/model/tree-contributions.ts';
import { expectedOfTrees, predictTrees, type Tree } from '../../src/scoring/model/tree-ensemble.ts';

const INPUTS = 5;

type Shape = { leaf: number } | { feature: number; threshold: number; left: Shape; right: Shape };

/** Few inputs and deep trees, so that the same input splits several times on one way down. */
const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 1, arbitrary: fc.record({ leaf: fc.double({ min: -1, max: 1, noNaN: true }) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        feature: fc.nat(INPUTS - 1),
        threshold: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        left: tie('shape'),
        right: tie('shape'),
      }),
    },
  ),
}));

/** `covers` are taken in turn for leaves; a node has the sum of its children's. */
function treeOf(root: Shape, covers: readonly number[]): Tree {
  const tree = {
    feature: [] as number[],
    threshold: [] as number[],
    left: [] as number[],
    right: [] as number[],
    value: [] as number[],
    cover: [] as number[],
  };
  const add = (node: Shape): number => {
    const at = tree.feature.length;
    for (const list of Object.values(tree)) list.push(0);
    if ('leaf' in node) {
      tree.feature[at] = -1;
      tree.value[at] = node.leaf;
      tree.cover[at] = covers[at % covers.length] ?? 1;
      return at;
    }
    tree.feature[at] = node.feature;
    tree.threshold[at] = node.threshold;
    tree.left[at] = add(node.left);
    tree.right[at] = add(node.right);
    tree.cover[at] = (tree.cover[tree.left[at]] ?? 0) + (tree.cover[tree.right[at]] ?? 0);
    return at;
  };
  add(root);
  return tree;
}

const ensemble = fc
  .array(fc.tuple(shape, fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map((trees) => ({ base: 1, trees: trees.map(([root, covers]) => treeOf(root, covers)) }));

const inputs = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  minLength: INPUTS,
  maxLength: INPUTS,
});

/** What a tree predicts where only the inputs in the set of bits `known` are known. */
function expected(tree: Tree, x: readonly number[], known: number, node = 0): number {
  const feature = tree.feature[node] ?? -1;
  if (feature < 0) return tree.value[node] ?? 0;
  const [left, right] = [tree.left[node] ?? 0, tree.right[node] ?? 0];
  if ((known & (1 << feature)) !== 0) {
    const goesLeft = (x[feature] ?? 0) <= (tree.threshold[node] ?? 0);
    return expected(tree, x, known, goesLeft ? left : right);
  }
  const [a, b] = [tree.cover[left] ?? 0, tree.cover[right] ?? 0];
  return (a * expected(tree, x, known, left) + b * expected(tree, x, known, right)) / (a + b);
}

/** Shapley's formula itself: the mean over all coalitions of what the input adds to them. */
function shapley(trees: readonly Tree[], x: readonly number[], feature: number): number {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  let share = 0;
  for (let known = 0; known < 1 << INPUTS; known += 1) {
    if ((known & (1 << feature)) !== 0) continue;
    const size = known.toString(2).replaceAll('0', '').length;
    const weight = (factorial(size) * factorial(INPUTS - size - 1)) / factorial(INPUTS);
    for (const tree of trees) {
      share += weight * (expected(tree, x, known | (1 << feature)) - expected(tree, x, known));
    }
  }
  return share;
}

describe('contributionsOfTrees', () => {
  it("are the Shapley values of the formula's definition", () => {
    fc.assert(
      fc.property(ensemble, inputs, (model, x) => {
        for (const [feature, share] of contributionsOfTrees(model, x).entries()) {
          assert.ok(Math.abs(share - shapley(model.trees, x, feature)) < 1e-9);
        }
      }),
    );
  });

  it('sum to the difference between the prediction and the mean prediction', () => {
    fc.assert(
      fc.property(ensemble, inputs, (model, x) => {
        const sum = contributionsOfTrees(model, x).reduce((total, share) => total + share, 0);
        assert.ok(Math.abs(expectedOfTrees(model) + sum - predictTrees(model, x)) < 1e-9);
      }),
    );
  });
});
