import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { CifraError } from '../../../src/numeric/errors.js';

/** Files of runs by folder and name; what is large lies apart, so that folders are listed without it. */
interface Schema extends DBSchema {
  files: { key: [folder: string, name: string]; value: { readonly bytes: number } };
  contents: { key: [folder: string, name: string]; value: Uint8Array<ArrayBuffer> };
  /** The files of datasets by dataset and role. */
  datasets: { key: [dataset: string, role: string]; value: Uint8Array<ArrayBuffer> };
}

export type Connection = IDBPDatabase<Schema>;

const VERSION = 1;

/** What the page keeps in this browser. */
export class Database {
  #connection: Promise<Connection> | undefined;

  constructor(private readonly name = 'cifra') {}

  /**
   * Does something with the database.
   * @param what messages call it: `The run could not be saved`
   * @throws CifraError with the code, saying what the browser's own errors mean
   */
  async use<T>(code: string, what: string, action: (connection: Connection) => Promise<T>): Promise<T> {
    try {
      try {
        return await action(await this.#open());
      } catch (error) {
        // The browser closed the connection, or another tab asked for it: a new one may do.
        if (nameOf(error) !== 'InvalidStateError') throw error;
        this.#connection = undefined;
        return await action(await this.#open());
      }
    } catch (error) {
      throw storageError(error, code, what);
    }
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    connection?.close();
  }

  #open(): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const forget = (): void => void (this.#connection = undefined);
    const connection = openDB<Schema>(this.name, VERSION, {
      upgrade(database) {
        for (const store of ['files', 'contents', 'datasets'] as const) database.createObjectStore(store);
      },
      // A newer page wants to change the database: it must not wait for this one.
      blocking: () => {
        forget();
        void connection.then((opened) => opened.close());
      },
      terminated: forget,
    });
    this.#connection = connection;
    connection.catch(forget);
    return connection;
  }
}

/** What the browser's errors mean, and what can be done. */
const meanings: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  QuotaExceededError: [
    'the browser gives this page no more room',
    'Remove runs that are no longer needed, or free some space on the disk.',
  ],
  VersionError: ['a newer version of this page has kept it', 'Reload the page.'],
  SecurityError: [
    'the browser lets this page keep nothing',
    'Allow this site to keep data in the browser’s settings, or use a window that is not private.',
  ],
  AbortError: ['the browser broke off', 'Check that there is space left on the disk, and try again.'],
};

function storageError(error: unknown, code: string, what: string): CifraError {
  if (error instanceof CifraError) return error;
  const message = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  const known =
    typeof indexedDB === 'undefined'
      ? 'SecurityError'
      : /NO_SPACE/.test(message)
        ? 'QuotaExceededError'
        : nameOf(error);
  const [why, remedy] = meanings[known] ?? [message, 'Reload the page and try again.'];
  return new CifraError(code, `${what}: ${why}.`, remedy, { cause: error });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
