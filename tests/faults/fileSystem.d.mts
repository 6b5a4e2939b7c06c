/** Lets the call number `at` from now on fail with `code`; 0: none. Gives the names of the calls, as they come. */
export function failAt(at: number, code?: string): string[];
/** All calls do what they should again. */
export function failNoMore(): void;
