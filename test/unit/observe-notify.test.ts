import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '../../src/base/log.ts';
import { createNotifier, type Notifier } from '../../src/observe/notify.ts';
import { WAIT_MS } from '../support/hang.ts';

let scratch: string;
let record: string;
let warnings: string[];
let program: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'fortnight-notify-'));
  record = join(scratch, 'record');
  program = join(scratch, 'systemd-notify');
  warnings = [];
  // Writes down what it was called with, as the real program would send it.
  writeFileSync(program, `#!/bin/sh\nfor a in "$@"; do echo "$NOTIFY_SOCKET $a" >> '${record}'; done\n`);
  chmodSync(program, 0o755);
});
afterEach(() => {
  rmSync(scratch, { recursive: true });
});

function notifier(socket: string | undefined, watchdogMs?: number): Notifier {
  const log: Log = { info: () => undefined, warn: (e) => void warnings.push(e), error: () => undefined };
  return createNotifier({ socket, watchdogMs, log, program });
}
const said = (): string[] => (existsSync(record) ? readFileSync(record, 'utf8').trimEnd().split('\n') : []);

describe('systemd', () => {
  it('is told when we are ready and when we stop', async () => {
    const n = notifier('/run/notify');
    await n.ready('watching 2 roots');
    await n.stopping();
    expect(said()).toEqual([
      '/run/notify READY=1',
      '/run/notify STATUS=watching 2 roots',
      '/run/notify STOPPING=1',
    ]);
  });

  it('is told nothing when it does not supervise us', async () => {
    await notifier(undefined).ready('x');
    expect(said()).toEqual([]);
  });

  it('cannot be told another message by a line break in a status', async () => {
    await notifier('/run/notify').status('a\nSTOPPING=1');
    expect(said()).toEqual(['/run/notify STATUS=a STOPPING=1']);
  });

  it('F-P13: gets no sign of life while the event loop is blocked, and one when it goes on', async () => {
    const n = notifier('/run/notify', 20);
    let asked = 0;
    n.watch(() => {
      asked += 1;
      return true;
    });
    const until = performance.now() + 200;
    while (performance.now() < until);
    expect(asked).toBe(0);
    await vi.waitFor(() => {
      expect(said()).toContain('/run/notify WATCHDOG=1');
    }, WAIT_MS);
    await n.stopping();
  });

  it('gets signs of life only while we are well', async () => {
    const n = notifier('/run/notify', 20);
    let well = true;
    let asked = 0;
    let granted = 0;
    n.watch(() => {
      asked += 1;
      if (well) granted += 1;
      return well;
    });
    await vi.waitFor(() => {
      expect(said()).toContain('/run/notify WATCHDOG=1');
    }, WAIT_MS);
    well = false;
    const askedUntilThen = asked;
    await vi.waitFor(() => {
      expect(asked).toBeGreaterThan(askedUntilThen + 3);
    }, WAIT_MS);
    await n.stopping();
    await vi.waitFor(() => {
      expect(said().filter((l) => l.endsWith('WATCHDOG=1'))).toHaveLength(granted);
    }, WAIT_MS);
  });

  it('that cannot be reached is a warning, not the end of us', async () => {
    rmSync(program);
    await notifier('/run/notify').ready('x');
    expect(warnings).toEqual(['systemd_notify_failed']);
  });
});
