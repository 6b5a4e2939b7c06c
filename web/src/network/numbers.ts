/** Numbers for people: as many decimals for each as for those beside it, and a true minus. */

export type Format = (value: number) => string;

/**
 * For numbers that are read together: the largest gets `significant` digits, all get its decimals. More than three only
 * where all are small. What is exactly 0 is `0`.
 */
export function evenly(values: ArrayLike<number>, significant = 3): Format {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size > largest && size < Infinity) largest = size;
  }
  const decimals = Math.min(largest < 0.01 ? 6 : 3, decimalsOf(largest, significant));
  return (value) => written(value, decimals);
}

/** One number alone: 3 digits, however small it is. */
export function alone(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || size >= 1e-4 || !Number.isFinite(size)) return written(value, decimalsOf(size, 3));
  const [digits, exponent] = value.toExponential(2).split('e') as [string, string];
  return `${digits} × 10${exponent.replace(/./g, raised)}`.replace('-', '−');
}

function raised(sign: string): string {
  return sign === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(sign));
}

/** That a number of this size has with so many digits. */
function decimalsOf(size: number, significant: number): number {
  if (size === 0 || !Number.isFinite(size)) return 0;
  // Of its form with an exponent, 8.19e+0.
  const exponent = Number(size.toExponential(significant - 1).split('e')[1]);
  return Math.max(0, significant - 1 - exponent);
}

function written(value: number, decimals: number): string {
  if (value === 0) return '0';
  const text = value.toFixed(decimals);
  // No minus where all digits are zeros.
  return text.replace('-', /[1-9I]/.test(text) ? '−' : '');
}

/** With its sign, to be added: `+ 0.31`, `− 0.02`. */
export function signed(text: string): string {
  return text.startsWith('−') ? `− ${text.slice(1)}` : `+ ${text}`;
}

/** 0.9712 as 97.1%. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
