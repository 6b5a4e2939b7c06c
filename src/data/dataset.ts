import type { Tensor } from '../numeric/tensor.js';

/** Height and width of every image, in pixels. */
export const IMAGE_SIDE = 28;
/** The number of classes: labels are 0 to 9. */
export const CLASSES = 10;

/** Images and what they show, row by row. */
export interface LabelledImages {
  /** `[count, 28, 28, 1]`, 0 (background) to 255 (ink). */
  readonly images: Tensor<Uint8Array>;
  /** `count` classes, 0 to 9. */
  readonly labels: Uint8Array;
}

export type DatasetName = 'mnist' | 'fashion-mnist' | 'synthetic';

/** The datasets that are files. */
export type FileDatasetName = Exclude<DatasetName, 'synthetic'>;

export interface Dataset {
  readonly name: DatasetName;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** What labels 0 to 9 mean. */
  readonly classNames: readonly string[];
  /** Where it came from, in plain words: `the folder /data/mnist`. */
  readonly source: string;
  /** The SHA-256 of each file's uncompressed bytes, whole also where `limit` took only its first images. */
  readonly sha256: Readonly<Record<string, string>>;
  /**
   * One SHA-256 for all of it: of the text that `sha256sum` prints for the uncompressed files in their fixed order,
   * so that `sha256sum train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte |
   * sha256sum` gives it again.
   */
  readonly hash: string;
}

/** The four files of a dataset, in their fixed order. */
export const fileRoles = ['trainImages', 'trainLabels', 'testImages', 'testLabels'] as const;
export type FileRole = (typeof fileRoles)[number];

export const fileNames: Readonly<Record<FileRole, string>> = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};

/** What one uncompressed file must be. */
export interface FileCheck {
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** All there is to know of a dataset that is files. */
export interface DatasetEntry {
  readonly name: FileDatasetName;
  /** Its name as people write it. */
  readonly title: string;
  readonly files: Readonly<Record<FileRole, FileCheck>>;
  /** Addresses that serve `<address><file name>.gz`, best first. */
  readonly mirrors: readonly string[];
  /** Sub-folders of a given folder that may hold the files, ours first, then torchvision's. */
  readonly folders: readonly string[];
  /** Keras's archive that holds all four as arrays, where there is one. */
  readonly archive?: string;
  readonly classNames: readonly string[];
}

/** The datasets that are files: to add one, add its entry. */
export const datasets: Readonly<Record<FileDatasetName, DatasetEntry>> = {
  mnist: {
    name: 'mnist',
    title: 'MNIST',
    files: {
      trainImages: {
        size: 47_040_016,
        sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      },
      trainLabels: {
        size: 60_008,
        sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      },
      testImages: {
        size: 7_840_016,
        sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      },
      testLabels: {
        size: 10_008,
        sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
      },
    },
    mirrors: ['https://storage.googleapis.com/cvdf-datasets/mnist/', 'https://ossci-datasets.s3.amazonaws.com/mnist/'],
    folders: ['mnist', 'MNIST/raw'],
    archive: 'mnist.npz',
    classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  },
  'fashion-mnist': {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST',
    files: {
      trainImages: {
        size: 47_040_016,
        sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      },
      trainLabels: {
        size: 60_008,
        sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      },
      testImages: {
        size: 7_840_016,
        sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      },
      testLabels: {
        size: 10_008,
        sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
      },
    },
    mirrors: [
      'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
      'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    ],
    folders: ['fashion-mnist', 'FashionMNIST/raw'],
    classNames: [
      'T-shirt/top',
      'trouser',
      'pullover',
      'dress',
      'coat',
      'sandal',
      'shirt',
      'sneaker',
      'bag',
      'ankle boot',
    ],
  },
};
