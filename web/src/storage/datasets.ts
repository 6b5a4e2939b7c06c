import { type Contents, readContent } from '../../../src/data/contents.js';
import {
  type DatasetEntry,
  datasets,
  type FileDatasetName,
  fileRoles,
  type FileRole,
} from '../../../src/data/dataset.js';
import { parseIdx } from '../../../src/data/idx.js';
import { CifraError } from '../../../src/numeric/errors.js';
import { Database } from './database.js';

/** The files of datasets that are kept in this browser, as they were given, compressed or not. */
export class KeptDatasets {
  constructor(private readonly database: Database) {}

  /** Those that are here. @throws CifraError `data-unreadable` */
  async names(): Promise<FileDatasetName[]> {
    const keys = await this.#reading((connection) => connection.getAllKeys('datasets'));
    const names = Object.keys(datasets) as FileDatasetName[];
    return names.filter((name) => fileRoles.every((role) => keys.some(([kept, of]) => kept === name && of === role)));
  }

  /** Keeps all four files or none. @throws CifraError `data-unwritable` */
  keep({ name, title }: DatasetEntry, files: Contents): Promise<void> {
    return this.database.use('data-unwritable', `${title} cannot be kept`, async (connection) => {
      const change = connection.transaction('datasets', 'readwrite');
      await Promise.all([...fileRoles.map((role) => change.store.put(files[role].slice(), [name, role])), change.done]);
    });
  }

  /**
   * What the dataset's files of these roles hold, checked; undefined if they are not here. Damaged ones are
   * removed.
   * @throws CifraError `data-unreadable`, `data-damaged`
   */
  async read<R extends FileRole>(entry: DatasetEntry, roles: readonly R[]): Promise<Pick<Contents, R> | undefined> {
    const contents: Partial<Record<FileRole, Contents[FileRole]>> = {};
    for (const role of roles) {
      const bytes = await this.#reading((connection) => connection.get('datasets', [entry.name, role]));
      if (!bytes) return undefined;
      try {
        contents[role] = await readContent(entry, role, bytes, `${role} of ${entry.title}`);
      } catch (error) {
        await this.#remove(entry);
        throw new CifraError(
          'data-damaged',
          `${entry.title}, as this browser kept it, is damaged and was removed.`,
          'Give its files again, or fetch it again.',
          { cause: error },
        );
      }
    }
    return contents as Pick<Contents, R>;
  }

  async #remove({ name }: DatasetEntry): Promise<void> {
    await this.database.use('data-unwritable', 'The dataset cannot be removed', (connection) =>
      connection.delete('datasets', IDBKeyRange.bound([name], [name, []])),
    );
  }

  #reading<T>(action: Parameters<typeof this.database.use<T>>[2]): Promise<T> {
    return this.database.use('data-unreadable', 'The datasets cannot be read', action);
  }
}

/** An image of a digit and what it shows. */
export interface LabelledDigit {
  /** 784 values, 0 for paper to 255 for ink. */
  readonly image: Uint8Array;
  readonly label: number;
}

/** Some of MNIST's test images, evenly over all; undefined if this browser does not have them. */
export async function testDigits(
  count = 100,
  database = new Database(),
  entry: DatasetEntry = datasets.mnist,
): Promise<readonly LabelledDigit[] | undefined> {
  try {
    const kept = await new KeptDatasets(database).read(entry, ['testImages', 'testLabels']);
    if (!kept) return undefined;
    const { images, labels } = parseIdx(kept.testImages, kept.testLabels, 'the test images', 'their labels');
    const size = images.data.length / labels.length;
    return Array.from({ length: Math.min(count, labels.length) }, (_, i) => {
      const index = Math.floor((i * labels.length) / count);
      return { image: images.data.slice(index * size, (index + 1) * size), label: labels[index]! };
    });
  } catch (error) {
    // What cannot be read is not here.
    if (error instanceof CifraError) return undefined;
    throw error;
  } finally {
    await database.close();
  }
}
