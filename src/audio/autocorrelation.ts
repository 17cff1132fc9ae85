import { planFft, transform } from './fft-plan.ts';
import type { FftPlan } from './fft-plan.ts';

/** The cosine transform works on a quarter of this, which must be a whole step. */
const smallestSize = 16;

/** What one padded length needs: made once, so that a call allocates nothing. */
interface Workspace {
  /** Of the signal, two real samples in one complex one: half the padded length. */
  signalPlan: FftPlan;
  re: Float64Array;
  im: Float64Array;
  /** Of the powers, a real and even spectrum: a quarter of the padded length. */
  powerPlan: FftPlan;
  powerRe: Float64Array;
  powerIm: Float64Array;
  /** Of `k` turns by the padded length. */
  cos: Float64Array;
  sin: Float64Array;
  result: Float64Array;
}

/** Autocorrelation by fast Fourier transforms; see `createAutocorrelation`. */
export type FastAutocorrelation = (
  frame: Float32Array | Float64Array,
  lags: number,
) => Float64Array;

/**
 * Autocorrelation of real frames through their power spectrum, in double precision: value `k` is
 * the sum of the products of samples `k` apart, up to 1e-14 of value 0, for `k` from 0 to
 * `lags - 1`; further values mean nothing. `lags` is 1 to the frame's length. The result is
 * overwritten by the next call. Throws a RangeError for an empty frame.
 *
 * Both transforms are of half the usual work: the signal is real, its power spectrum even too.
 * Source: Press et al., "Numerical Recipes in C" (1992), 12.3, `realft` and `cosft1`.
 */
export function createAutocorrelation(): FastAutocorrelation {
  const workspaces = new Map<number, Workspace>();
  return (frame, lags) => {
    if (frame.length === 0) throw new RangeError('There is no autocorrelation of an empty frame.');
    // Padded with so much silence that what wraps around reaches no lag that is wanted.
    const needed = frame.length + lags - 1;
    let size = smallestSize;
    while (size < needed) size *= 2;
    let workspace = workspaces.get(size);
    if (workspace === undefined) {
      workspace = createWorkspace(size);
      workspaces.set(size, workspace);
    }
    load(workspace, frame);
    transform(workspace.signalPlan, workspace.re, workspace.im);
    const first = loadPowers(workspace);
    transform(workspace.powerPlan, workspace.powerRe, workspace.powerIm);
    unload(workspace, first, lags);
    return workspace.result;
  };
}

function createWorkspace(size: number): Workspace {
  const [half, quarter] = [size / 2, size / 4];
  const turn = (k: number) => (2 * Math.PI * k) / size;
  return {
    signalPlan: planFft(half),
    re: new Float64Array(half),
    im: new Float64Array(half),
    powerPlan: planFft(quarter),
    powerRe: new Float64Array(quarter),
    powerIm: new Float64Array(quarter),
    cos: Float64Array.from({ length: half }, (_, k) => Math.cos(turn(k))),
    sin: Float64Array.from({ length: half }, (_, k) => Math.sin(turn(k))),
    result: new Float64Array(half + 2),
  };
}

function load({ re, im }: Workspace, frame: Float32Array | Float64Array): void {
  const pairs = frame.length >> 1;
  for (let at = 0; at < pairs; at++) {
    re[at] = frame[2 * at] ?? 0;
    im[at] = frame[2 * at + 1] ?? 0;
  }
  re.fill(0, pairs);
  im.fill(0, pairs);
  if (frame.length % 2 === 1) re[pairs] = frame[frame.length - 1] ?? 0;
}

/**
 * Powers P of the lines `k` and `half - k`, from the packed spectrum Z: with E and O the spectra of
 * the even and odd samples and w a turn by -k, the lines are E + wO and conj(E - wO), so their
 * powers add up to |Z(k)|^2 + |Z(half - k)|^2 and differ by 4 Re(conj(E) wO). They are written as
 * the series whose transform is the cosine transform of P. Returns lag 1, which that leaves open.
 */
function loadPowers({ re, im, signalPlan, powerRe, powerIm, cos, sin }: Workspace): number {
  const { size: half, place } = signalPlan;
  const scale = 1 / half;
  const zero = scale * ((re[0] ?? 0) + (im[0] ?? 0)) ** 2;
  const nyquist = scale * ((re[0] ?? 0) - (im[0] ?? 0)) ** 2;
  powerRe[0] = 0.5 * (zero + nyquist);
  let first = 0.5 * (zero - nyquist);
  for (let k = 1; 2 * k <= half; k++) {
    const a = place[k] ?? 0;
    const b = place[half - k] ?? 0;
    const aRe = re[a] ?? 0;
    const aIm = im[a] ?? 0;
    const bRe = re[b] ?? 0;
    const bIm = im[b] ?? 0;
    const turnCos = cos[k] ?? 0;
    const turnSin = sin[k] ?? 0;
    const evenRe = aRe + bRe;
    const evenIm = aIm - bIm;
    const oddRe = aIm + bIm;
    const oddIm = bRe - aRe;
    const turnedRe = oddRe * turnCos + oddIm * turnSin;
    const turnedIm = oddIm * turnCos - oddRe * turnSin;
    const mean = 0.5 * scale * (aRe * aRe + aIm * aIm + bRe * bRe + bIm * bIm);
    const gap = scale * (evenRe * turnedRe + evenIm * turnedIm);
    first += gap * turnCos;
    const own = k % 2 === 0 ? powerRe : powerIm;
    own[k >> 1] = mean - turnSin * gap;
    own[(half - k) >> 1] = mean + turnSin * gap;
  }
  return first;
}

/** The even lags are the real parts of the series' spectrum, the odd ones add up the imaginary. */
function unload(workspace: Workspace, first: number, lags: number): void {
  const { powerPlan, powerRe, powerIm, cos, sin, result } = workspace;
  const { size: quarter, place } = powerPlan;
  let odd = first;
  for (let k = 0; 2 * k < lags; k++) {
    const a = place[k] ?? 0;
    const b = place[(quarter - k) % quarter] ?? 0;
    const aRe = powerRe[a] ?? 0;
    const aIm = powerIm[a] ?? 0;
    const bRe = powerRe[b] ?? 0;
    const bIm = powerIm[b] ?? 0;
    const turnCos = cos[2 * k] ?? 0;
    const turnSin = sin[2 * k] ?? 0;
    const oddRe = aIm + bIm;
    const oddIm = bRe - aRe;
    result[2 * k] = 0.5 * (aRe + bRe + oddRe * turnCos + oddIm * turnSin);
    odd -= 0.5 * (aIm - bIm + oddIm * turnCos - oddRe * turnSin);
    result[2 * k + 1] = odd;
  }
}
