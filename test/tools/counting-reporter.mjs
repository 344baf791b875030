// A vitest reporter for a person who waits: one line per test file as it ends, failures in full at the end, and the
// counts in a file for npm-test.mjs (its path comes in the environment as FORTNIGHT_TEST_COUNTS).
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

export default class CountingReporter {
  #counts = { passed: 0, failed: 0, skipped: [], failures: [] };
  #root = '';

  onInit(vitest) {
    this.#root = vitest.config.root;
  }

  onTestCaseResult(test) {
    const result = test.result();
    const name = `${relative(this.#root, test.module.moduleId)} > ${test.fullName}`;
    if (result.state === 'passed') this.#counts.passed += 1;
    else if (result.state === 'skipped') this.#counts.skipped.push({ name, reason: result.note ?? '' });
    else if (result.state === 'failed') this.#fail(name, result.errors);
  }

  onTestModuleEnd(module) {
    const tests = [...module.children.allTests()];
    const ms = Math.round(module.diagnostic().duration);
    const failed = tests.filter((t) => t.result().state === 'failed').length;
    const file = relative(this.#root, module.moduleId);
    const tail = failed > 0 ? `  ${String(failed)} FAILED` : '';
    console.log(`  ${file}: ${String(tests.length)} tests, ${(ms / 1000).toFixed(1)} s${tail}`);
    // Errors of the file itself (it does not load, a hook failed) belong to no test.
    const errors = module.errors();
    if (errors.length > 0) this.#fail(file, errors);
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) this.#fail(`${file} > ${suite.fullName}`, suite.errors());
    }
  }

  onTestRunEnd(_modules, unhandled) {
    if (unhandled.length > 0) this.#fail('an error outside of any test', unhandled);
    for (const { name, text } of this.#counts.failures) console.log(`\nFAILED ${name}\n${text}`);
    const out = process.env.FORTNIGHT_TEST_COUNTS;
    if (out !== undefined) writeFileSync(out, JSON.stringify(this.#counts));
  }

  #fail(name, errors) {
    this.#counts.failed += 1;
    const text = errors.map(errorText).join('\n');
    this.#counts.failures.push({ name, text: text.trimEnd() });
  }
}

/** Message, where in our files, and what differs. */
function errorText(error) {
  const frames = (error.stack ?? '').split('\n').filter((line) => !line.includes('/node_modules/'));
  const said = frames.join('\n') || (error.message ?? String(error));
  const text = `${said}\n${error.diff ?? ''}`;
  return process.stdout.isTTY ? text : stripVTControlCharacters(text);
}
