// Numbers and tables as text.

/** 1234.5 as 1,235, or with so many digits behind the point; a dash for what is not known. */
export function format(value, digits = 0) {
  if (value === undefined || value === null || !Number.isFinite(value)) return '–';
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** 0.123 as 12%. */
export function percent(share, digits = 0) {
  return Number.isFinite(share) ? `${format(100 * share, digits)}%` : '–';
}

/** Rows of cells as lines; columns that are mostly numbers flush right, but the first. */
export function table(rows) {
  const columns = rows[0].map((_, column) => rows.map((row) => row[column] ?? ''));
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => cell.length)));
  const isNumbers = columns.map((cells, column) => {
    const filled = cells.filter((cell) => cell !== '');
    return column > 0 && filled.filter((cell) => /^[–\d]/.test(cell)).length > filled.length / 2;
  });
  return rows.map((row) =>
    row
      .map((cell, column) => (isNumbers[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('   ')
      .trimEnd(),
  );
}
