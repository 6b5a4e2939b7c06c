// A hand in front of the page: it draws with the mouse and reads the answer. For tests and for bench/web.mjs.

/** To be called before the page is opened: keeps when the pointer last drew. */
export async function watchHand(page) {
  await page.addInitScript(() => {
    globalThis.handMoved = 0;
    const note = ({ buttons, timeStamp }) => {
      if (buttons !== 0) globalThis.handMoved = timeStamp;
    };
    for (const type of ['pointerdown', 'pointermove']) addEventListener(type, note, { capture: true });
  });
}

export function sheet(page) {
  return page.getByRole('application', { name: 'Sheet to draw on' });
}

/**
 * Draws lines of points in the unit square into a square of the sheet: its left, top and side as shares of the sheet's
 * side. `quick`: without a look at the page between two points; the browser hands it many at once.
 */
export async function drawLines(page, lines, { left = 0.2, top = 0.2, side = 0.6, quick = false } = {}) {
  await sheet(page).scrollIntoViewIfNeeded();
  const box = await sheet(page).boundingBox();
  const at = ({ x, y }) => [box.x + box.width * (left + side * x), box.y + box.height * (top + side * y)];
  for (const [first, ...others] of lines) {
    await page.mouse.move(...at(first));
    await page.mouse.down();
    const moves = [];
    for (const point of others) {
      moves.push(page.mouse.move(...at(point)));
      if (!quick) await moves.at(-1);
    }
    await Promise.all(moves);
    await page.mouse.up();
  }
}

/** A square of any size and place, from a third of the sheet to nearly all of it. @param uniform numbers from `low` to `high` */
export function anySquare(uniform) {
  const side = uniform(0.35, 0.95);
  return { side, left: uniform(0, 1 - side), top: uniform(0, 1 - side) };
}

/** What the page answers to all that was drawn. */
export async function answerOf(page) {
  await page.waitForFunction(() => {
    const last = performance.getEntriesByName('stroke-answered').at(-1);
    return last !== undefined && last.startTime >= globalThis.handMoved;
  });
  return shownAnswer(page);
}

/** What stands there now. */
export function shownAnswer(page) {
  return page.locator('.answers').evaluate((element) => ({
    status: element.dataset.status,
    digit: element.querySelector('.answers-digit').textContent,
    words: element.querySelector('.answers-words').textContent,
  }));
}
