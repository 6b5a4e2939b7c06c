/** Numbers for people: as many decimals for each as for those beside it, and a true minus. */

export type Format = (value: number) => string;

/** For numbers that are read together: the largest gets `significant` digits, all get its decimals, up to six. */
export function evenly(values: ArrayLike<number>, significant = 3): Format {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size > largest && size < Infinity) largest = size;
  }
  // Of its form with an exponent, 8.19e+0.
  const exponent = largest === 0 ? 0 : Number(largest.toExponential(significant - 1).split('e')[1]);
  const decimals = Math.min(6, Math.max(0, significant - 1 - exponent));
  return (value) => written(value, decimals);
}

/** One number alone. */
export function alone(value: number): string {
  return evenly([value])(value);
}

function written(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  // No minus where all digits are zeros.
  const isZero = !/[1-9]/.test(text) && Number.isFinite(value);
  return text.replace('-', isZero ? '' : '−');
}

/** With its sign, to be added: `+ 0.31`, `− 0.02`. */
export function signed(text: string): string {
  return text.startsWith('−') ? `− ${text.slice(1)}` : `+ ${text}`;
}

/** 0.9712 as 97.1%. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
