import { epochName, kernelPictures, predictions, type Watching } from '../progressView.js';

const MILLISECONDS_A_STEP = 700;

/** The slider over epochs, and the button that moves it. */
export function startSlider(watching: Watching): void {
  const slider = document.getElementById('epoch') as HTMLInputElement;
  const play = document.getElementById('play') as HTMLButtonElement;
  const moment = document.querySelector('#moment b')!;
  const told = document.getElementById('told')!;
  const cards = document.getElementById('predictions')!;
  const kernels = document.getElementById('kernel-pictures');
  const last = watching.snapshots.length - 1;
  let timer: number | undefined;

  const show = (snapshot: number): void => {
    const name = epochName(watching, snapshot);
    slider.value = String(snapshot);
    moment.textContent = name;
    slider.setAttribute('aria-valuetext', name);
    if (kernels) kernels.innerHTML = kernelPictures(watching, snapshot).text;
    cards.innerHTML = predictions(watching, snapshot).text;
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    play.innerHTML = '<span aria-hidden="true">▶</span> Play';
    told.textContent = epochName(watching, Number(slider.value));
  };
  slider.addEventListener('input', () => {
    if (timer !== undefined) stop();
    show(Number(slider.value));
  });
  play.addEventListener('click', () => {
    if (timer !== undefined) {
      stop();
      return;
    }
    const at = Number(slider.value);
    // Where motion is unwelcome, the button goes one epoch at a time.
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      show(at === last ? 0 : at + 1);
      told.textContent = epochName(watching, Number(slider.value));
      return;
    }
    play.innerHTML = '<span aria-hidden="true">❚❚</span> Pause';
    if (at === last) show(0);
    timer = window.setInterval(() => {
      show(Math.min(last, Number(slider.value) + 1));
      if (Number(slider.value) === last) stop();
    }, MILLISECONDS_A_STEP);
  });
}
