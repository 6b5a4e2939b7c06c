import { grouped } from '../../numeric/words.js';

/** Words as the report writes them, and numbers. */
export { grouped, percent } from '../../numeric/words.js';

/** 1 image, 2,000 images */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** 48 s, 9 min 5 s, 1 h 2 min */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

/** 2026-11-23 04:37 UTC */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** Three significant digits, without zeros at the end. */
export function short(value: number): string {
  const small = value !== 0 && Math.abs(value) < 0.001;
  const text = small ? value.toExponential(2).replace(/\.?0+e/, 'e') : String(Number(value.toPrecision(3)));
  return text.replaceAll('-', '−');
}

/** 3 × 3 × 32 */
export function sizes(shape: readonly number[]): string {
  return shape.join(' × ');
}

/** "4" as "4", "ankle boot" as it is; a class without a name by its number. */
export function classNamed(names: readonly string[], label: number): string {
  return names[label] ?? String(label);
}

export function capital(text: string): string {
  return text.replace(/^./, (letter) => letter.toUpperCase());
}
