import type { ReportData } from '../data.js';
export function reportPage(data: ReportData): string {
  return JSON.stringify(data);
}
