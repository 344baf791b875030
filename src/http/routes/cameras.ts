/** The cameras, and when each has footage. No picture, and nothing derived from one. */
import { FortnightError } from '../../base/errors.ts';
import { Camera, CameraList, CameraPath, Coverage, CameraCoverageView, CoverageQuery } from '../api/index.ts';
import { cameraCoverage } from '../coverage-view.ts';
import type { HttpDeps } from '../deps.ts';
import { guarded } from '../route.ts';
import { windowOf } from '../window.ts';

export const cameras = guarded({
  method: 'GET',
  path: '/api/v1/cameras',
  summary: 'The cameras of the site',
  allow: 'status.read',
  output: { status: 200, json: CameraList },
  handle: ({ deps }) => ({ status: 200, json: { cameras: shownCameras(deps) } }),
});

export const coverage = guarded({
  method: 'GET',
  path: '/api/v1/coverage',
  summary: 'When every camera has footage, with its gaps and the holds upon it',
  allow: 'coverage.read',
  query: CoverageQuery,
  output: { status: 200, json: Coverage },
  handle: ({ deps, query, nowMs }) => {
    const window = windowOf(query);
    const views = deps.config.cameras.map((c) => cameraCoverage(deps, c.id, { window, nowMs }));
    const cutMs = Math.max(0, nowMs - deps.config.retention.retentionMs);
    return { status: 200, json: { ...window, nowMs, cutMs, cameras: views } };
  },
});

export const coverageOfCamera = guarded({
  method: 'GET',
  path: '/api/v1/cameras/:id/coverage',
  summary: 'When one camera has footage',
  allow: 'coverage.read',
  params: CameraPath,
  query: CoverageQuery,
  output: { status: 200, json: CameraCoverageView },
  handle: ({ deps, params, query, nowMs }) => {
    const window = windowOf(query);
    demandCamera(deps, params.id);
    return { status: 200, json: cameraCoverage(deps, params.id, { window, nowMs }) };
  },
});

/** Throws `not_found` for a camera that is not configured. */
export function demandCamera(deps: HttpDeps, id: string): void {
  if (!deps.config.cameras.some((c) => c.id === id))
    throw new FortnightError('not_found', 'there is no such camera');
}

function shownCameras(deps: HttpDeps): Camera[] {
  const recording = deps.cameras.recording(deps.clock.wallMs());
  const lastEnds = new Map(deps.clips.totals().map((t) => [t.cameraId, t.lastEndMs]));
  return deps.config.cameras.map(({ id, name, purpose, controller, retired }) => ({
    id,
    name: { ...name },
    purpose: { ...purpose },
    controller,
    retired,
    recording: recording.has(id),
    lastEndMs: lastEnds.get(id) ?? null,
  }));
}
