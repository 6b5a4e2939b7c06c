import { counted, grouped } from '../../../src/report/page/words.js';

/** How the view writes its figures. */
export { classNamed, counted, duration, short } from '../../../src/report/page/words.js';
export { grouped, percent } from '../../../src/numeric/words.js';

/** Of what is left; nobody needs it to the second. */
export function timeLeft(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  if (!Number.isFinite(seconds)) return 'time left unknown';
  if (seconds < 1) return 'less than a second left';
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 55) return `about ${5 * Math.round(seconds / 5)} s left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${minutes} min left`;
  return `about ${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

/** 3 minutes ago */
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${counted(Math.floor(seconds / 60), 'minute')} ago`;
  if (seconds < 86_400) return `${counted(Math.floor(seconds / 3600), 'hour')} ago`;
  return `${counted(Math.floor(seconds / 86_400), 'day')} ago`;
}

/** 3.1 MB */
export function fileSize(bytes: number): string {
  if (bytes < 1e3) return `${grouped(bytes)} bytes`;
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

const titles: Readonly<Record<string, string>> = {
  synthetic: 'synthetic digits',
  mnist: 'MNIST',
  'fashion-mnist': 'Fashion-MNIST',
};

/** A dataset as people call it. */
export function titleOf(dataset: string): string {
  return titles[dataset] ?? dataset;
}
