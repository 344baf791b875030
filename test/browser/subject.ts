/**
 * What the browser test runs against: a server with one account per role, a camera with footage of the last hour, and
 * the built page. At present the mock; the whole program offers the same fields.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { startMock } from './mock-api.ts';

export type Role = 'security' | 'facility' | 'privacy' | 'admin';

export interface Subject {
  readonly baseUrl: string;
  readonly accounts: Readonly<Record<Role, { readonly userName: string; readonly password: string }>>;
  readonly close: () => Promise<void>;
}

const ROOT = join(import.meta.dirname, '../..');
const WEB = join(ROOT, 'dist/web');

export async function startSubject(): Promise<Subject> {
  if (!existsSync(join(WEB, 'index.html'))) {
    await build({ configFile: join(ROOT, 'vite.config.ts'), logLevel: 'error' });
  }
  const mock = await startMock(WEB);
  const account = (userName: string): { userName: string; password: string } => ({
    userName,
    password: mock.password,
  });
  return {
    baseUrl: mock.baseUrl,
    accounts: {
      security: account('m.devries'),
      facility: account('m.bakker'),
      privacy: account('a.jansen'),
      admin: account('r.peters'),
    },
    close: mock.close,
  };
}
