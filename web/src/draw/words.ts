/** `a 7`, `an 8`; `no digit` for null. */
export function aDigit(digit: number | null): string {
  if (digit === null) return 'no digit';
  return `${digit === 8 ? 'an' : 'a'} ${digit}`;
}
