/** Exactly how much each input contributes to one prediction of a tree ensemble. */
import { at, chosen, type Tree, type TreeEnsemble } from './tree-ensemble.ts';

/**
 * Shapley values, one per input: `predictTrees` is `expectedOfTrees` plus their sum. Inputs that a
 * coalition leaves out are averaged over the training rows of each split (path-dependent TreeSHAP;
 * Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9, algorithm 2).
 */
export function contributionsOfTrees(
  { trees }: TreeEnsemble,
  inputs: readonly number[],
): Float64Array {
  const result = new Float64Array(inputs.length);
  for (const tree of trees) descend(tree, inputs, result, 0, [], 1, 1, -1);
  return result;
}

/** One split feature on the way from the root: shares of paths that pass without and with it. */
interface Step {
  feature: number;
  zero: number;
  one: number;
  weight: number;
}

function descend(
  tree: Tree,
  inputs: readonly number[],
  result: Float64Array,
  node: number,
  before: readonly Step[],
  zero: number,
  one: number,
  by: number,
): void {
  const path = extended(before, zero, one, by);
  const feature = at(tree.feature, node);
  if (feature < 0) {
    for (let i = 1; i < path.length; i += 1) {
      const step = path[i];
      if (!step) continue;
      const weight = unwound(path, i).reduce((sum, other) => sum + other.weight, 0);
      const share = weight * (step.one - step.zero) * at(tree.value, node);
      result[step.feature] = (result[step.feature] ?? 0) + share;
    }
    return;
  }
  const hot = chosen(tree, node, inputs);
  const cold = hot === at(tree.left, node) ? at(tree.right, node) : at(tree.left, node);
  const earlier = path.findIndex((step, i) => i > 0 && step.feature === feature);
  const { zero: pastZero, one: pastOne } = path[earlier] ?? { zero: 1, one: 1 };
  const rest = earlier < 0 ? path : unwound(path, earlier);
  const total = at(tree.cover, hot) + at(tree.cover, cold);
  const share = (child: number): number => (pastZero * at(tree.cover, child)) / total;
  descend(tree, inputs, result, hot, rest, share(hot), pastOne, feature);
  descend(tree, inputs, result, cold, rest, share(cold), 0, feature);
}

function extended(path: readonly Step[], zero: number, one: number, feature: number): Step[] {
  const length = path.length;
  const next = path.map((step) => ({ ...step }));
  next.push({ feature, zero, one, weight: length === 0 ? 1 : 0 });
  for (let i = length - 1; i >= 0; i -= 1) {
    const [here, above] = [next[i], next[i + 1]];
    if (!here || !above) continue;
    above.weight += (one * here.weight * (i + 1)) / (length + 1);
    here.weight = (zero * here.weight * (length - i)) / (length + 1);
  }
  return next;
}

/** The path as it was before step `index` was added. */
function unwound(path: readonly Step[], index: number): Step[] {
  const last = path.length - 1;
  const { zero, one } = path[index] ?? { zero: 1, one: 1 };
  const weights = path.map((step) => step.weight);
  let next = at(weights, last);
  for (let i = last - 1; i >= 0; i -= 1) {
    const weight = at(weights, i);
    if (one === 0) {
      weights[i] = (weight * (last + 1)) / (zero * (last - i));
    } else {
      weights[i] = (next * (last + 1)) / ((i + 1) * one);
      next = weight - (at(weights, i) * zero * (last - i)) / (last + 1);
    }
  }
  const others = path.filter((_, i) => i !== index);
  return others.map((step, i) => ({ ...step, weight: at(weights, i) }));
}
