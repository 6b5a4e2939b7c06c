/** Three figures that matter: 0.412, 12.3, 1234; 0 for what is next to nothing. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size < 0.00005) return '0';
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(size >= 1 ? 2 : size >= 0.1 ? 3 : 4);
}

/** 26 × 26 × 32 */
export function sizes(...shape: readonly number[]): string {
  return shape.join(' × ');
}

export function nameOfClass(classNames: readonly string[], label: number): string {
  return classNames[label] ?? String(label);
}
