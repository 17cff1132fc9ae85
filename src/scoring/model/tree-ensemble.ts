/** Sums of regression trees. */

/** Nodes in parallel arrays; node 0 is the root. */
export interface Tree {
  /** Index of the input that the node splits by; −1 for a leaf. */
  feature: readonly number[];
  /** Inputs up to and including it go left; 0 for a leaf. */
  threshold: readonly number[];
  left: readonly number[];
  right: readonly number[];
  /** What a leaf adds; 0 elsewhere. */
  value: readonly number[];
  /** Training rows that reached the node; > 0. */
  cover: readonly number[];
}

export interface TreeEnsemble {
  base: number;
  trees: readonly Tree[];
}

/** `inputs` must be numbers: missing ones are replaced before. */
export function predictTrees({ base, trees }: TreeEnsemble, inputs: readonly number[]): number {
  return trees.reduce((sum, tree) => sum + leafValue(tree, inputs), base);
}

function leafValue(tree: Tree, inputs: readonly number[]): number {
  let node = 0;
  while (at(tree.feature, node) >= 0) node = chosen(tree, node, inputs);
  return at(tree.value, node);
}

/** What the ensemble predicts for nobody in particular: the mean over its training rows. */
export function expectedOfTrees({ base, trees }: TreeEnsemble): number {
  return trees.reduce((sum, tree) => sum + expectation(tree, 0), base);
}

function expectation(tree: Tree, node: number): number {
  if (at(tree.feature, node) < 0) return at(tree.value, node);
  const [left, right] = [at(tree.left, node), at(tree.right, node)];
  const sum =
    at(tree.cover, left) * expectation(tree, left) +
    at(tree.cover, right) * expectation(tree, right);
  return sum / (at(tree.cover, left) + at(tree.cover, right));
}

/** The child that the inputs go to. */
export function chosen(tree: Tree, node: number, inputs: readonly number[]): number {
  const goesLeft = at(inputs, at(tree.feature, node)) <= at(tree.threshold, node);
  return goesLeft ? at(tree.left, node) : at(tree.right, node);
}

/** 0 outside of the list. */
export function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
