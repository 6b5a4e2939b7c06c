import { describe, expect, it } from 'vitest';
import { type Answers, calibrationError, coverageCurve } from '../numeric/calibration.js';
import { calibrationChart } from './calibrationChart.js';

function chart(answers: Answers, title = 'a model'): string {
  const count = answers.confidences.length;
  const [calibration, coverage] = [calibrationError(answers), coverageCurve(answers)];
  return calibrationChart({ title, subtitle: `${count} images`, count, calibration, coverage });
}

/** Confidences from 0.5 to 1; the least certain ones are wrong. */
const many: Answers = {
  confidences: Float64Array.from({ length: 2000 }, (_, i) => 0.5 + i / 4000),
  right: Uint8Array.from({ length: 2000 }, (_, i) => (i < 40 ? 0 : 1)),
};

describe('calibrationChart', () => {
  it('is one SVG for light and dark pages, with both diagrams', () => {
    const svg = chart(many);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="[\d. ]+"/);
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).toContain('98.00% of all 2,000');
    expect(svg).toContain('2000 images');
    expect(svg.split('aria-label="rect"')[1]!.split('</g>')[0]!.match(/<rect/g)).toHaveLength(8);
    // Half of the errors are withheld with 1% of the images.
    expect(svg).toContain('98.99% of 99.0%');
    expect(svg.length).toBeLessThan(30_000);
  });

  it.each<[string, Answers]>([
    ['one answer', { confidences: [1], right: [1] }],
    ['one that is wrong', { confidences: [0.2], right: [0] }],
    ['none right', { confidences: [0.4, 0.9, 0.9], right: [0, 0, 0] }],
    ['none wrong', { confidences: [0.4, 0.9, 0.9], right: [1, 1, 1] }],
  ])('can draw %s', (_, answers) => {
    expect(chart(answers)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('escapes what it is told', () => {
    expect(chart(many, '<b> & "c"')).toContain('&lt;b&gt; &amp; &quot;c&quot;');
  });
});
