// The card of the shipped model: what is between the two marks is written anew, all else is kept.

const BEGIN = '<!-- figures: written by scripts/shipModel.mjs -->';
const END = '<!-- end of figures -->';

const percent = (share, digits = 2) => `${(100 * share).toFixed(digits)}%`;
const grouped = (count) => count.toLocaleString('en-US');

/** @param old the card as it is; undefined: a new one is begun */
export function card(old, facts) {
  const figures = `${BEGIN}\n\n${figuresOf(facts)}\n\n${END}`;
  const begun = old ?? `${HEAD}\n\n${BEGIN}${END}\n\n${TAIL}\n`;
  const [before, rest] = begun.split(BEGIN);
  const after = rest.slice(rest.indexOf(END) + END.length);
  return `${before}${figures}${after}`;
}

function figuresOf({ training, size, test, record, network }) {
  const { recipe, seed, shipped, calibration } = training;
  const { parameters, multiplyAdds } = network.summaryData();
  const { accuracy, errors, count, interval, coverage } = test;
  const at = (share) => coverage.find((point) => point.share >= share);
  const rows = [
    ['command', `\`${shipped.command}\``],
    ['recipe, seed', `${recipe.name}, ${seed}`],
    ['commit of the code', `\`${shipped.commit}\``],
    [
      'engine',
      `Cifra ${shipped.engine.version}, kernels \`${shipped.engine.kernels}\`, ${shipped.engine.numerics} numerics`,
    ],
    [
      'trained',
      `${grouped(Math.round(shipped.seconds / 60))} minutes on ${record.hardware.cores} cores of ${record.hardware.cpu}, Node ${shipped.node.slice(1)}`,
    ],
    ['data', `MNIST, ${grouped(record.dataset.trainCount)} training images, hash \`${record.dataset.hash}\``],
    ['network', `${grouped(parameters)} numbers, ${grouped(multiplyAdds)} multiply-adds an image`],
    ['file', `${grouped(size)} bytes, half precision`],
    ['weights as trained (float32)', `sha256 \`${shipped.singleSha256}\``],
    ['weights in the file (half)', `sha256 \`${shipped.halfSha256}\``],
    [
      'accuracy',
      `**${percent(accuracy)}** of MNIST's ${grouped(count)} test images, ${errors} errors; 95% interval ${percent(interval.low)} to ${percent(interval.high)} (Wilson)`,
    ],
    ['as trained, in float32', `${percent(record.result.testAccuracy)}, ${record.result.testErrors} errors`],
    ['calibration', calibrationWords(calibration, test)],
    [
      'when it may decline',
      [0.99, 0.98, 0.95]
        .map((share) => `${percent(at(share).accuracy)} of the ${percent(at(share).share, 1)} it is surest of`)
        .join('; '),
    ],
  ];
  const table = [['what', ''], ['---', '---'], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const draft = shipped.draft ? '**A draft for development, not the model that will be shipped.**\n\n' : '';
  return `${draft}${table}\n\n![Reliability diagram, and accuracy against the share of images answered](../docs/images/digits.svg)`;
}

function calibrationWords(calibration, test) {
  const now = `expected calibration error ${percent(test.calibration.ece)} on the test images (15 bins)`;
  if (!calibration) return now;
  const { temperature, images, before, after } = calibration;
  return `temperature ${temperature.toFixed(4)}, found on ${grouped(images)} held-out images (log loss ${before.nll.toFixed(4)}, then ${after.nll.toFixed(4)}); ${now}`;
}

const HEAD = `# The models that come with Cifra

\`digits.safetensors\` reads handwritten digits. It is used where no \`--model\` is given, and by \`shippedModel()\`.
\`gate.safetensors\` says whether a sign is a digit at all; \`scripts/digit/trainGate.mjs\` trains it.

## digits.safetensors`;

const TAIL = `## The same weights again

The weights follow from the commit, the command and the data, bit for bit, on any machine:

\`\`\`sh
git checkout COMMIT && npm ci && npm run build
node dist/cli/main.js train --recipe best --seed SEED --dataset mnist --out again
git checkout - && npm run build
node scripts/shipModel.mjs --verify again
\`\`\`

COMMIT and the command are those of the table. \`--verify\` compares the run's weights with the hash above, rounds them to
half precision, and compares these with the file.

## What it was trained on

MNIST's training images alone, of which a share was held out for validation and calibration, with augmentation by Cifra.
No picture of any other source. The test images were not used to choose anything.

## Known weaknesses

To be filled in from measurements.`;
