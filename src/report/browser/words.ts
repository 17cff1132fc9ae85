/** Choosing a word shows its sounds, and hides those of the word before. */
export function wireWords(root: Document): void {
  const buttons = [...root.querySelectorAll<HTMLButtonElement>('button[data-panel]')];
  const show = (chosen: HTMLButtonElement) => {
    for (const button of buttons) {
      const isChosen = button === chosen;
      button.setAttribute('aria-expanded', String(isChosen));
      const panel = root.getElementById(button.dataset['panel'] ?? '');
      if (panel !== null) panel.hidden = !isChosen;
    }
  };
  for (const button of buttons) button.addEventListener('click', () => show(button));
}
