/**
 * nginx over the same directory, with the daemon's own certificate and one worker. It reads and writes as it does by
 * default; a second plain listener uses sendfile, which TLS cannot (without the kernel's) and no Node can.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Nginx {
  readonly tlsPort: number;
  readonly plainPort: number;
  /** Plain, with sendfile. */
  readonly sendfilePort: number;
  /** The process that serves. */
  workerPid(): number;
  stop(): Promise<void>;
}

export interface NginxOptions {
  readonly root: string;
  /** An empty directory for what it writes. */
  readonly dir: string;
  readonly key: { readonly cert: string; readonly key: string };
}

const START_LIMIT_MS = 10_000;

export async function startNginx(program: string, { root, dir, key }: NginxOptions): Promise<Nginx> {
  const [tlsPort, plainPort, sendfilePort] = [await freePort(), await freePort(), await freePort()];
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (n) => `${n}_temp_path ${join(dir, n)};`,
  );
  const config = `
daemon off; worker_processes 1; pid ${join(dir, 'pid')}; error_log ${join(dir, 'error.log')};
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 512; }
http {
  access_log off; keepalive_requests 1000000; types {}
  ${temporary.join(' ')}
  ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate ${key.cert}; ssl_certificate_key ${key.key};
  root ${root};
  server { listen 127.0.0.1:${String(plainPort)}; listen 127.0.0.1:${String(tlsPort)} ssl; }
  server { listen 127.0.0.1:${String(sendfilePort)}; sendfile on; tcp_nopush on; }
}`;
  const file = join(dir, 'nginx.conf');
  writeFileSync(file, config);
  const child = spawn(program, ['-c', file, '-p', dir, '-e', join(dir, 'error.log')], { stdio: 'ignore' });
  const limit = performance.now() + START_LIMIT_MS;
  while (workerOf(child) === undefined) {
    if (child.exitCode !== null || performance.now() > limit)
      throw new Error(`nginx does not start: ${readFileSync(join(dir, 'error.log'), 'utf8')}`);
    await sleep(20);
  }
  return {
    tlsPort,
    plainPort,
    sendfilePort,
    workerPid: () => workerOf(child) ?? 0,
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode !== null || !child.kill('SIGTERM')) return;
      await gone;
    },
  };
}

/** Runs `work` with an nginx that is stopped afterwards. */
export async function withNginx<T>(started: Promise<Nginx>, work: (nginx: Nginx) => Promise<T>): Promise<T> {
  const nginx = await started;
  try {
    return await work(nginx);
  } finally {
    await nginx.stop();
  }
}

function workerOf({ pid }: ChildProcess): number | undefined {
  if (pid === undefined) return undefined;
  const task = `/proc/${String(pid)}/task/${String(pid)}/children`;
  try {
    const [first] = readFileSync(task, 'latin1').trim().split(' ').filter(Boolean);
    return first === undefined ? undefined : Number(first);
  } catch {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .find((other) => parentOf(other) === pid);
  }
}

/** Where the kernel does not list children. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
