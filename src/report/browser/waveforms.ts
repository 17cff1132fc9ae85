import WaveSurfer from 'wavesurfer.js';
import type { Track } from './player.ts';

/** Draws each recording that has a place in the page, in the page's colours, also when they change. */
export function drawWaveforms(tracks: readonly Track[], styleNonce: string): void {
  const waves = tracks.flatMap((track) => {
    const container = document.querySelector<HTMLElement>(`[data-wave="${track.role}"]`);
    if (container === null) return [];
    return WaveSurfer.create({
      container,
      media: track.audio,
      // With samples given, nothing is fetched or decoded.
      peaks: [track.samples],
      duration: track.durationS,
      height: 'auto',
      normalize: true,
      hideScrollbar: true,
      cursorWidth: 1,
      barWidth: 2,
      barGap: 1,
      barRadius: 2,
      cspNonce: styleNonce,
      ...coloursOf(container),
    });
  });
  const recolour = () => {
    for (const wave of waves) wave.setOptions(coloursOf(wave.getWrapper().getRootNode()));
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour);
}

function coloursOf(place: Node) {
  const element = place instanceof ShadowRoot ? place.host : place;
  const style = getComputedStyle(element as Element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    waveColor: colour('--wave'),
    progressColor: colour('--wave-played'),
    cursorColor: colour('--ink'),
  };
}
