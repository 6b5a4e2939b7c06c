/// <reference lib="esnext.disposable" preserve="true" />
import { join } from 'node:path';
import type { ResolvedDataset } from '../data/resolve.node.js';
import { wasmBackend } from '../engine/wasm/backend.js';
import { CifraError } from '../numeric/errors.js';
import { ensembleOf } from '../models.js';
import { newRecord, originOf } from '../recording/record.js';
import { begunAs, refuseDifference } from '../recording/resume.js';
import { type EnsembleRecord, type EnsembleResult, memberFolder, type MemberRecord } from '../runs/ensembleRecord.js';
import {
  adoptEnsemble,
  createEnsemble,
  type EnsembleFolder,
  memberRun,
  readEnsembleRecord,
  readMember,
  readMembers,
  resumeEnsemble,
} from '../runs/ensembles.node.js';
import { savedModel } from '../train/modelFile.js';
import type { Recipe } from '../train/recipe.js';
import type { OptionValues } from './arguments.js';
import { titleOf } from './datasetView.js';
import { interruptSignal } from './interrupt.js';
import { nextCommand, resumeCommand } from './invocation.js';
import { loadData } from './loadData.js';
import { backendOptions, type trainOptions } from './options.js';
import { chosenRecipe } from './recipeChoice.js';
import { machine } from './machine.js';
import { checkOptions, openResumption, refuseBesideResume } from './resume.js';
import type { Output } from './terminal/output.js';
import { counted, percent } from './terminal/text.js';
import { testModel, type TestResult } from '../train/testModel.js';
import { showNotice, showTestResult } from './testView.js';
import { type RunRequest, trainRun } from './trainRun.js';

type TrainOptions = OptionValues<typeof trainOptions>;

/** Trains several networks, each in a run of its own, and lets the mean of their probabilities read the test images. */
export async function trainEnsemble(values: TrainOptions, started: number, output: Output): Promise<void> {
  const signal = interruptSignal(output);
  const { resume } = values;
  const isBegun = resume !== undefined && (await readEnsembleRecord(resume)) !== undefined;
  await using resumed = isBegun ? await openEnsemble(resume, values) : undefined;
  const begun = resumed && begunAs(resumed.place, resumed.record);
  const recipe = begun?.recipe ?? (await chosenRecipe(values)).recipe;
  const choice = begun ? { ...values, dataset: begun.dataset } : values;
  const resolved = await loadData(choice, begun ? begun.limit : values.limit, output, { signal });
  const backend = backendOptions({ ...values, numerics: values.numerics ?? begun?.numerics });
  const seed = begun?.seed ?? values.seed ?? 1;
  const size = resumed?.record.size ?? values.ensemble!;
  const now = await recordNow({ recipe, seed, resolved }, backend, size);
  if (resumed) {
    refuseDifference(resumed.place, originOf(resumed.record), { ...originOf(now), recipe: resumed.record.recipe });
  }
  if (resume !== undefined) await checkMembers(resume, resumed?.record ?? now);
  await using folder = resumed ?? disposable(await newEnsemble(now, recipe.name, values));

  const { place } = folder;
  const members: MemberRecord[] = [];
  for (let i = 0; i < size; i++) {
    const which = { member: i + 1, members: size, seed: seed + i };
    const kept = await keptMember(place, which, output);
    if (kept) {
      members.push(kept);
      continue;
    }
    const training = { recipe, resolved, backend, signal, started: i === 0 ? started : performance.now() };
    members.push(await trainMember(place, which, training, values, output));
    await folder.writeRecord({ ...folder.record, members });
  }
  const record = { ...folder.record, members };
  const test = await testTogether(place, record, { recipe, resolved }, backend, output);
  const result = resultOf(test);
  await folder.writeRecord({ ...record, finishedAt: new Date().toISOString(), result });
  showEnsemble({ place, members, test, result }, resolved, values, output);
}

/** An ensemble in a new folder, or in the one that `--resume` names, of runs that were trained one by one. */
function newEnsemble(record: EnsembleRecord, name: string, values: TrainOptions): Promise<EnsembleFolder> {
  if (values.resume === undefined) return createEnsemble(record, name, values.out);
  refuseBesideResume(values, 'out', 'print-recipe');
  return adoptEnsemble(record, values.resume);
}

/** The runs in the members' places must be those of members. @throws CifraError `resume-differs` */
async function checkMembers(place: string, record: EnsembleRecord): Promise<void> {
  for (let seed = record.seed; seed < record.seed + record.size; seed++) {
    const run = await memberRun(place, seed);
    if (run) refuseDifference(join(place, memberFolder(seed)), originOf(run), { ...originOf(record), seed });
  }
}

/** Which member of how many, as events say it. */
interface Which {
  readonly member: number;
  readonly members: number;
  readonly seed: number;
}

/** A member that is trained already. @throws CifraError `ensemble-member` if it is not what it was */
async function keptMember(place: string, which: Which, { notes }: Output): Promise<MemberRecord | undefined> {
  const { result } = (await memberRun(place, which.seed)) ?? {};
  if (!result) return undefined;
  const member = memberOf(which.seed, result);
  await readMember(place, member);
  notes.line(notes.style.bold(`${titleOfMember(which)}: ${percent(member.testAccuracy)}, trained already.`));
  return member;
}

async function trainMember(
  place: string,
  which: Which,
  training: Pick<RunRequest, 'recipe' | 'resolved' | 'backend' | 'signal' | 'started'>,
  values: TrainOptions,
  output: Output,
): Promise<MemberRecord> {
  const { notes } = output;
  notes.line(notes.style.bold(titleOfMember(which)));
  const { seed } = which;
  const out = join(place, memberFolder(seed));
  const isBegun = (await memberRun(place, seed)) !== undefined;
  await using resumption = isBegun ? await openResumption(out, {}) : undefined;
  const { test } = await trainRun({
    ...{ ...training, seed, out, resumption },
    cadence: { everySteps: values['checkpoint-steps'] },
    resume: () => resumeCommand(place, values),
    output: output.tagged({ ...which }),
    endEvent: 'member',
    report: values['no-report'] !== true,
  });
  notes.line(`${percent(test.accuracy)} of the test images.`);
  notes.line();
  return memberOf(seed, { ...test, testAccuracy: test.accuracy, testErrors: test.errors });
}

function titleOfMember({ member, members, seed }: Which): string {
  return `Member ${member} of ${members}, seed ${seed}`;
}

function memberOf(
  seed: number,
  { weightsSha256, testAccuracy, testErrors }: Omit<MemberRecord, 'seed' | 'folder'>,
): MemberRecord {
  return { seed, folder: memberFolder(seed), weightsSha256, testAccuracy, testErrors };
}

/** An ensemble that was interrupted. @throws CifraError `run-finished`, `resume-differs`, and what `resumeEnsemble` throws */
async function openEnsemble(place: string, values: TrainOptions): Promise<EnsembleFolder & AsyncDisposable> {
  refuseBesideResume(values, 'out', 'print-recipe');
  const folder = await resumeEnsemble(place);
  try {
    const { record } = folder;
    if (record.result) {
      throw new CifraError(
        'run-finished',
        `${place} has come to its end already: ${record.result.testErrors} errors on ${record.result.testCount} test images.`,
        'To train it again, begin a new one.',
      );
    }
    if (values.ensemble !== undefined && values.ensemble !== record.size) {
      throw new CifraError(
        'resume-differs',
        `${place} cannot be gone on with as it was begun: it is an ensemble of ${record.size}, and --ensemble is ${values.ensemble}.`,
        'Leave --ensemble out, or begin a new one.',
      );
    }
    await checkOptions(place, record, values);
    return disposable(folder);
  } catch (error) {
    await folder.close();
    throw error;
  }
}

function disposable(folder: EnsembleFolder): EnsembleFolder & AsyncDisposable {
  return { ...folder, [Symbol.asyncDispose]: () => folder.close() };
}

/** The record of an ensemble that begins now. */
async function recordNow(
  start: { readonly recipe: Recipe; readonly seed: number; readonly resolved: ResolvedDataset },
  options: Parameters<typeof wasmBackend>[0],
  size: number,
): Promise<EnsembleRecord> {
  // Only to be asked what it is: its threads start with its first program.
  const backend = wasmBackend(options);
  const { recipe, seed, resolved } = start;
  const record = newRecord({ recipe, seed, ...resolved, backend }, machine(), new Date());
  await backend.dispose();
  return { ...record, size, members: [] };
}

async function testTogether(
  place: string,
  record: EnsembleRecord,
  { recipe, resolved }: { readonly recipe: Recipe; readonly resolved: ResolvedDataset },
  backend: Parameters<typeof wasmBackend>[0],
  output: Output,
): Promise<TestResult> {
  const models = (await readMembers(place, record)).map(savedModel);
  const { test: images } = resolved.dataset;
  await using ensemble = ensembleOf(models, backend);
  output.live(() => `Reading ${counted(images.labels.length, 'test image')} by all members …`);
  const test = await testModel(ensemble, images, recipe);
  output.clear();
  return test;
}

function resultOf({ accuracy, errors, count, interval, loss, calibration }: TestResult): EnsembleResult {
  return {
    testAccuracy: accuracy,
    testErrors: errors,
    testCount: count,
    interval: [interval.low, interval.high],
    loss,
    ece: calibration.ece,
  };
}

interface TrainedEnsemble {
  readonly place: string;
  readonly members: readonly MemberRecord[];
  readonly test: TestResult;
  readonly result: EnsembleResult;
}

function showEnsemble(
  { place, members, test, result }: TrainedEnsemble,
  { dataset, notice }: ResolvedDataset,
  values: TrainOptions,
  output: Output,
): void {
  output.event('done', {
    ...result,
    ...{ members, out: place, dataset: dataset.name },
    ...(notice !== undefined && { notice }),
  });
  const { result: page, notes } = output;
  page.line(page.style.bold(`The ensemble of ${members.length}:`));
  page.line();
  showTestResult(page, test, `test images of ${titleOf(dataset)}`, dataset.classNames);
  page.line();
  for (const { seed, testAccuracy } of members) page.line(`  Seed ${seed}    ${percent(testAccuracy)} by itself`);
  page.line(`  Ensemble  ${place}`);
  showNotice(page, notice);
  notes.line();
  notes.line(`Next: ${nextCommand(place, 0, values)}`);
}
