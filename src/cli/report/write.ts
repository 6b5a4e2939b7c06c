import { join } from 'node:path';
import { writeWhole } from '../../files/atomicWrite.node.js';
import { collectReport, reportPage, type ReportSources } from '../../report/index.js';

const REPORT_FILE = 'report.html';

export interface WrittenReport {
  readonly file: string;
  readonly bytes: number;
  readonly seconds: number;
}

/** Collects a run's report and writes it as one page, in the place of an earlier one. */
export async function writeReport(sources: ReportSources, file: string): Promise<WrittenReport> {
  const begun = performance.now();
  const page = Buffer.from(reportPage(await collectReport(sources)));
  await writeWhole(file, page);
  return { file, bytes: page.length, seconds: Math.round(performance.now() - begun) / 1000 };
}

export function reportFileOf(place: string): string {
  return join(place, REPORT_FILE);
}
