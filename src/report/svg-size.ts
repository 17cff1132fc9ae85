/** How wide plots over time are: as wide as the page on a desk, scrolled to on a phone. */
const PAGE_PX = 780;
const PX_PER_S = { least: 110, most: 260 };

export function pxPerSecond(durationS: number): number {
  return Math.min(PX_PER_S.most, Math.max(PX_PER_S.least, PAGE_PX / Math.max(durationS, 0.1)));
}

export function rounded1(value: number): number {
  return Math.round(value * 10) / 10;
}
