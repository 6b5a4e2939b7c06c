import { cellImages, type ShownImages } from '../imageCard.js';

const steps: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Makes the cells of the confusion matrix buttons that show their images. One of them is a tab stop; arrows go on. */
export function startConfusion(shown: ShownImages): void {
  const table = document.getElementById('matrix');
  const panel = document.getElementById('cell-images');
  const told = document.getElementById('cell-told');
  if (!table || !panel || !told) return;
  const buttons = new Map<string, HTMLButtonElement>();
  const cells = [...table.querySelectorAll('td')].filter((cell) => Number(cell.dataset['count']) > 0);
  const name = (label: number): string => shown.classNames[label] ?? String(label);

  const choose = (chosen: HTMLButtonElement): void => {
    for (const button of buttons.values()) {
      button.setAttribute('aria-pressed', String(button === chosen));
      button.tabIndex = button === chosen ? 0 : -1;
    }
  };
  for (const cell of cells) {
    const [label, predicted, count] = [cell.dataset['label'], cell.dataset['predicted'], cell.dataset['count']].map(
      Number,
    );
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...cell.childNodes);
    const what = label === predicted ? `${name(label!)} read right` : `${name(label!)} read as ${name(predicted!)}`;
    button.setAttribute('aria-label', `${what}: ${count === 1 ? '1 image' : `${count} images`}`);
    button.addEventListener('click', () => {
      choose(button);
      told.textContent = `Below the table: ${button.getAttribute('aria-label')}`;
      panel.innerHTML = cellImages(shown, label!, predicted!, count!).text;
    });
    button.addEventListener('keydown', (event) => {
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      const [down, right] = step;
      const size = shown.classNames.length;
      // The next cell on the way that has images.
      for (let i = 1; i < size; i++) {
        const next = buttons.get(`${label! + i * down},${predicted! + i * right}`);
        if (!next) continue;
        button.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
        break;
      }
    });
    buttons.set(`${label},${predicted}`, button);
    cell.append(button);
  }
  const first = cells
    .filter(({ dataset }) => dataset['label'] !== dataset['predicted'])
    .sort((a, b) => Number(b.dataset['count']) - Number(a.dataset['count']))[0];
  const button = (first ?? cells[0])?.querySelector('button');
  if (button) choose(button);
}
