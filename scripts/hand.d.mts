import type { Locator, Page } from 'playwright-core';

export interface ShownAnswer {
  readonly status: string;
  /** The digit that the page names, `?`, or nothing. */
  readonly digit: string;
  readonly words: string;
}

/** A square of the sheet, as shares of the sheet's side. */
export interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

export function watchHand(page: Page): Promise<void>;
export function sheet(page: Page): Locator;
export function drawLines(
  page: Page,
  lines: readonly (readonly { readonly x: number; readonly y: number }[])[],
  place?: Partial<Square> & { readonly quick?: boolean },
): Promise<void>;
export function anySquare(uniform: (low: number, high: number) => number): Square;
export function answerOf(page: Page): Promise<ShownAnswer>;
export function shownAnswer(page: Page): Promise<ShownAnswer>;
