import { createHash } from 'node:crypto';
import { wasmBackend } from '../../engine/wasm/backend.js';
import { nearest } from '../../numeric/errors.js';
import { seed as seedRecipe } from '../../train/recipes/seed.js';
import {
  augmentationStudy,
  batchNormalizationStudy,
  findings,
  runStudy,
  type Study,
  type StudySize,
} from '../../study/index.js';
import { type OptionValues, UsageError } from '../arguments.js';
import { describe } from '../datasetView.js';
import { Interrupted, interruptSignal } from '../interrupt.js';
import { studyCommand } from '../study/command.js';
import { loadData } from '../loadData.js';
import { backendOptions, type studyOptions } from '../options.js';
import { machine } from '../machine.js';
import { newRecord } from '../../recording/record.js';
import { studyFiles } from '../study/files.js';
import { StudyFolder, type StudyRecord } from '../study/studyFolder.js';
import { showFindings, StudyView } from '../study/view.js';
import type { Output } from '../terminal/output.js';
import { counted, grouped, wrapped } from '../terminal/text.js';
import { showNotice } from '../testView.js';

type StudyValues = OptionValues<typeof studyOptions>;

interface Sizes {
  readonly seeds: number;
  readonly size: StudySize;
}

/** In full, what takes some six minutes on two cores; quick, one. */
const STUDIES: Readonly<
  Record<string, { readonly make: (size: StudySize) => Study; readonly full: Sizes; readonly quick: Sizes }>
> = {
  'batch-normalization': {
    make: batchNormalizationStudy,
    full: { seeds: 5, size: { trainImages: 10_240, epochs: 3, testImages: 10_000, watchedImages: 2000 } },
    quick: { seeds: 3, size: { trainImages: 3200, epochs: 2, testImages: 2000, watchedImages: 1000 } },
  },
  augmentation: {
    make: augmentationStudy,
    full: { seeds: 5, size: { trainImages: 10_240, epochs: 6, testImages: 10_000, watchedImages: 2000 } },
    quick: { seeds: 3, size: { trainImages: 2560, epochs: 6, testImages: 2000, watchedImages: 1000 } },
  },
};

/** Trains the networks of a study with several seeds and says what the difference between them comes to. */
export async function study(values: StudyValues, output: Output, words: readonly string[]): Promise<void> {
  const startedAt = new Date();
  const { make, full, quick } = STUDIES[chosenStudy(words)]!;
  const { seeds: count, size } = values.quick ? quick : full;
  const plan = make(size);
  const seeds = Array.from({ length: values.seeds ?? count }, (_, i) => i + 1);
  const signal = interruptSignal(output);
  const most = values.limit ?? Infinity;
  const limit = { train: Math.min(size.trainImages, most), test: Math.min(size.testImages, most) };
  const resolved = await loadData(values, limit, output, { signal });
  const { dataset, notice } = resolved;
  const makeBackend = () => wasmBackend(backendOptions(values));
  // Only to be asked what it is: its threads start with its first program.
  const backend = makeBackend();
  const {
    recipe: _,
    seed: __,
    formatVersion: ___,
    ...begun
  } = newRecord({ recipe: seedRecipe, seed: 1, ...resolved, backend }, machine(), startedAt);
  await backend.dispose();
  const record: StudyRecord = {
    formatVersion: 1,
    study: plan.name,
    planSha256: planHash(plan, size),
    seeds,
    trainImages: Math.min(plan.trainImages, dataset.train.labels.length),
    ...begun,
    results: [],
  };
  const folder = await StudyFolder.open(values.out, record);
  try {
    const { result: page, notes } = output;
    const left = plan.variants.length * seeds.length - doneOf(folder, plan, seeds);
    for (const text of wrapped(plan.question, page.width)) page.line(page.style.bold(text));
    const about = `${describe(dataset)}: ${grouped(record.trainImages)} training and ${counted(dataset.test.labels.length, 'test image')}. ${counted(plan.variants.length, 'network')} with each of ${counted(seeds.length, 'seed')}; results in ${folder.place}.`;
    for (const text of wrapped(about, page.width)) page.line(text);
    page.line();
    const view = new StudyView(plan, left, output);
    view.showHeader();
    for (const result of folder.results) view.show(result);
    const found = await runStudy(plan, {
      ...{ dataset, makeBackend, seeds, results: folder.results, signal },
      onTrainingBegin: (variant, seed) => view.begin(variant, seed),
      onProgress: (share) => view.progress(share),
      async onTrainingEnd(result) {
        await folder.add(result);
        view.end(result);
        const { losses: ____, ...fields } = result;
        output.event('training', fields);
      },
    }).catch((error: unknown) => {
      output.clear();
      if (!(error instanceof Interrupted)) throw error;
      throw interrupted(error, folder, plan, values);
    });
    output.clear();
    const files = studyFiles(plan, found.results, found);
    const { results: ____, ...finished } = await folder.finish(found, files);
    showFindings(page, plan, found);
    showNotice(page, notice);
    page.line();
    page.line(`  Study     ${folder.place}`);
    const names = ['study.json', ...Object.keys(files)].join(', ');
    for (const text of wrapped(names, page.width - 12)) page.line(`            ${text}`);
    notes.line();
    output.event('study', {
      study: plan.name,
      answer: finished.answer,
      effects: finished.effects,
      seeds: finished.seeds,
      trainImages: finished.trainImages,
      dataset: finished.dataset,
      backend: finished.backend,
      out: folder.place,
      files: Object.keys(files),
      ...(notice !== undefined && { notice }),
    });
  } finally {
    await folder.close();
  }
}

function chosenStudy(words: readonly string[]): string {
  const [name, ...more] = words;
  const names = Object.keys(STUDIES);
  if (name !== undefined && more.length === 0 && Object.hasOwn(STUDIES, name)) return name;
  const guess = name === undefined ? undefined : nearest(name, names);
  throw new UsageError(
    'study-name',
    name === undefined
      ? 'cifra study takes the name of a study.'
      : more.length > 0
        ? `cifra study takes one study, but was given ${words.length}.`
        : `There is no study "${name}".`,
    guess === undefined ? `The studies are: ${names.join(', ')}.` : `Did you mean "${guess}"?`,
  );
}

/** Tells plans apart. Functions are not part of it: they change with Cifra's version alone. */
function planHash({ name, variants, readings, outcomes }: Study, size: StudySize): string {
  const plan = {
    ...{ name, variants, size },
    readings: readings.map(({ images: _, ...rest }) => rest),
    outcomes: outcomes.map(({ name: outcome }) => outcome),
  };
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}

function doneOf({ results }: StudyFolder, { variants }: Study, seeds: readonly number[]): number {
  return results.filter(({ variant, seed }) => seeds.includes(seed) && variants.some(({ name }) => name === variant))
    .length;
}

/** What was interrupted can be gone on with. */
function interrupted(error: Interrupted, folder: StudyFolder, plan: Study, values: StudyValues): Interrupted {
  const { answer } = findings(plan, folder.results);
  const soFar = answer.length === 0 ? '' : ` So far: ${answer[0]}`;
  return new Interrupted(
    `Interrupted: ${counted(folder.results.length, 'network')} trained, and saved.${soFar}\nTo go on: ${studyCommand(plan.name, folder.place, values)}`,
    error.exitStatus,
  );
}
