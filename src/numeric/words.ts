/** Numbers as people read them. */

/** 601,578 */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** 99.21% */
export function percent(share: number, digits = 2): string {
  return `${(100 * share).toFixed(digits)}%`;
}
