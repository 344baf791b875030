// A vitest reporter for a person who waits: one line per test file as it ends, one per test that takes long, failures in
// full at the end, and the counts in a file for npm-test.mjs (its path comes in the environment as
// FORTNIGHT_TEST_COUNTS). The file is written anew with each test: a run that is cut off has counts too, and says what it waited
// for.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What takes longer than this is named while it still runs. */
const LONG_MS = 60_000;

export default class CountingReporter {
  #counts = { done: false, passed: 0, failed: 0, skipped: [], failures: [] };
  #root = '';
  /** Files that have begun and not ended, each with the test it is at. */
  #running = new Map();

  onInit(vitest) {
    this.#root = vitest.config.root;
  }

  onTestModuleStart(module) {
    this.#begin(relative(this.#root, module.moduleId), 'its start');
  }

  onTestCaseReady(test) {
    this.#begin(relative(this.#root, test.module.moduleId), test.fullName);
  }

  onTestCaseResult(test) {
    const file = relative(this.#root, test.module.moduleId);
    const result = test.result();
    const name = `${file} > ${test.fullName}`;
    this.#begin(file, `what follows "${test.fullName}"`);
    if (result.state === 'passed') this.#counts.passed += 1;
    else if (result.state === 'skipped') this.#counts.skipped.push({ name, reason: result.note ?? '' });
    else if (result.state === 'failed') this.#fail(name, result.errors);
  }

  onTestModuleEnd(module) {
    const tests = [...module.children.allTests()];
    const ms = Math.round(module.diagnostic().duration);
    const failed = tests.filter((t) => t.result().state === 'failed').length;
    const file = relative(this.#root, module.moduleId);
    this.#end(file);
    const tail = failed > 0 ? `  ${String(failed)} FAILED` : '';
    console.log(`  ${file}: ${String(tests.length)} tests, ${(ms / 1000).toFixed(1)} s${tail}`);
    // Errors of the file itself (it does not load, a hook failed) belong to no test.
    const errors = module.errors();
    if (errors.length > 0) this.#fail(file, errors);
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) this.#fail(`${file} > ${suite.fullName}`, suite.errors());
    }
    this.#write();
  }

  onTestRunEnd(_modules, unhandled) {
    if (unhandled.length > 0) this.#fail('an error outside of any test', unhandled);
    for (const failure of this.#counts.failures) console.log(failureText(failure));
    this.#counts.done = true;
    this.#write();
  }

  #write() {
    const out = process.env.FORTNIGHT_TEST_COUNTS;
    const running = [...this.#running].map(([file, { at }]) => `${file}: ${at}`);
    if (out !== undefined) writeFileSync(out, JSON.stringify({ ...this.#counts, running }));
  }

  #begin(file, at) {
    this.#end(file);
    const late = setTimeout(() => {
      console.log(`  ${file}: still at ${at} after ${String(LONG_MS / 1000)} s`);
    }, LONG_MS);
    this.#running.set(file, { at, late });
    this.#write();
  }

  #end(file) {
    clearTimeout(this.#running.get(file)?.late);
    this.#running.delete(file);
  }

  #fail(name, errors) {
    this.#counts.failed += 1;
    const text = errors.map(errorText).join('\n');
    this.#counts.failures.push({ name, text: text.trimEnd() });
  }
}

export function failureText({ name, text }) {
  return `\nFAILED ${name}\n${text}`;
}

/** Message, where in our files, and what differs. */
function errorText(error) {
  const frames = (error.stack ?? '').split('\n').filter((line) => !line.includes('/node_modules/'));
  const said = frames.join('\n') || (error.message ?? String(error));
  const text = `${said}\n${error.diff ?? ''}`;
  return process.stdout.isTTY ? text : stripVTControlCharacters(text);
}
