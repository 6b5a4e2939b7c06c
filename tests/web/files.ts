import type { Page } from 'playwright-core';

/** Files that come to the page in the ways in which people bring them. */

export interface TestFile {
  readonly name: string;
  /** As the system would say, such as `image/png`. */
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** What goes into the page: bytes as text, which is all that it takes. */
const sent = ({ name, mimeType, bytes }: TestFile) => ({ name, mimeType, text: Buffer.from(bytes).toString('base64') });

/** Chooses it in the dialog that the button opens. */
export async function choose(page: Page, button: string | RegExp, ...files: readonly TestFile[]): Promise<void> {
  const [dialog] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: button }).click(),
  ]);
  await dialog.setFiles(files.map(({ name, mimeType, bytes }) => ({ name, mimeType, buffer: Buffer.from(bytes) })));
}

/** Drags the files over the page and lets go. */
export async function drop(page: Page, ...files: readonly TestFile[]): Promise<void> {
  await page.evaluate((given) => {
    const dataTransfer = new DataTransfer();
    for (const { name, mimeType, text } of given) {
      const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name, { type: mimeType }));
    }
    const target = document.querySelector('main')!;
    for (const type of ['dragenter', 'dragover', 'drop']) {
      target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  }, files.map(sent));
}

/** Copies the picture, as another program would, and presses Ctrl+V. */
export async function paste(page: Page, { mimeType, bytes }: TestFile): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(
    async ([type, text]) => {
      const copied = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
      await navigator.clipboard.write([new ClipboardItem({ [type]: new Blob([copied], { type }) })]);
    },
    [mimeType, Buffer.from(bytes).toString('base64')] as const,
  );
  await page.keyboard.press('Control+v');
}
