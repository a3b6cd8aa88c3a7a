// SPDX-License-Identifier: MIT
/* What a test in the browser has checked so far. */
let [checks, failures] = [0, 0];

export function check(what: string, is: boolean, more = ''): void {
  checks++;
  if (is) return;
  failures++;
  console.log(`FAIL: ${what} ${more}`);
}

/** Says how many, and sets the exit status; a test that checked nothing has failed. */
export function finish(): void {
  console.log(`# ${checks} checks, ${failures} failed`);
  process.exitCode = failures || !checks ? 1 : 0;
}
