/**
 * What the simulated cameras see, as ffmpeg filters: a drawn room and things that move through it. Pure. Nobody is on
 * it: demonstration footage must not be footage of people either.
 */
export interface Scene {
  /** Burnt into the picture. */
  readonly caption: string;
  readonly background: string;
  /** Rectangles: x, y, width, height, colour. */
  readonly furniture: readonly (readonly [number, number, number, number, string])[];
  readonly movers: readonly Mover[];
}

/** A box that wanders; x and y are ffmpeg expressions of the time t in seconds. */
export interface Mover {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly colour: string;
  readonly x: string;
  readonly y: string;
}

export const WIDTH_PX = 640;
export const HEIGHT_PX = 360;
export const FRAME_RATE = 10;

export const ENTRANCE: Scene = {
  caption: 'ENTRANCE',
  background: '0x74777a',
  furniture: [
    [0, 0, 640, 200, '0x868a8d'],
    [0, 196, 640, 6, '0x55585a'],
    [0, 202, 640, 158, '0x5f5a52'],
    [210, 40, 220, 160, '0x39424a'],
    [218, 48, 100, 152, '0xa9c0cb'],
    [322, 48, 100, 152, '0x9fb6c2'],
    [250, 202, 140, 40, '0x3c3a36'],
    [470, 90, 26, 60, '0x2f3437'],
    [476, 100, 14, 14, '0xb5483a'],
    [60, 120, 90, 80, '0x6d5136'],
    [90, 60, 34, 62, '0x45663f'],
  ],
  movers: [
    { widthPx: 64, heightPx: 46, colour: '0xc58a2b', x: 'mod(t*46,760)-80', y: '262+4*sin(t*3)' },
    { widthPx: 40, heightPx: 70, colour: '0x3f6f8f', x: '700-mod(t*31+200,800)', y: '196+30*sin(t/7)' },
    { widthPx: 26, heightPx: 18, colour: '0xd8d3c4', x: '310+120*sin(t/5)', y: '318' },
  ],
};

export const HALL: Scene = {
  caption: 'HALL',
  background: '0x6f6b63',
  furniture: [
    [0, 0, 640, 210, '0x8c8a84'],
    [0, 205, 640, 8, '0x5a5751'],
    [0, 213, 640, 147, '0x6b5f52'],
    [60, 60, 110, 150, '0x4b5560'],
    [66, 66, 46, 144, '0x9db2bd'],
    [118, 66, 46, 144, '0x93a8b4'],
    [430, 120, 150, 93, '0x6e4f36'],
    [424, 112, 162, 12, '0x8a6644'],
    [260, 50, 120, 80, '0xc9d4d8'],
    [318, 50, 4, 80, '0x77736b'],
  ],
  movers: [
    { widthPx: 84, heightPx: 52, colour: '0x7b4a78', x: 'mod(t*24+120,780)-90', y: '270' },
    { widthPx: 30, heightPx: 30, colour: '0x4f8a5b', x: '300+220*sin(t/9)', y: '228+20*cos(t/6)' },
  ],
};

/** How a caption is burnt in: with the time of day, without, or not at all where ffmpeg cannot draw text. */
export type Caption = 'with_clock' | 'plain' | 'none';

/** The filter graph of a scene; an input for ffmpeg's `lavfi`. */
export function filterGraph(scene: Scene, caption: Caption): string {
  const size = `${String(WIDTH_PX)}x${String(HEIGHT_PX)}`;
  const room = [
    `color=c=${scene.background}:s=${size}:r=${String(FRAME_RATE)}`,
    ...scene.furniture.map(
      ([x, y, w, h, colour]) => `drawbox=${[x, y, w, h].map(String).join(':')}:${colour}:fill`,
    ),
  ].join(',');
  const boxes = scene.movers.map(
    (m, i) =>
      `color=c=${m.colour}:s=${String(m.widthPx)}x${String(m.heightPx)}:r=${String(FRAME_RATE)}[box${String(i)}]`,
  );
  const moves = scene.movers.map(
    (m, i) => `[at${String(i)}][box${String(i)}]overlay=x='${m.x}':y='${m.y}'[at${String(i + 1)}]`,
  );
  const end = [
    'vignette=PI/5',
    'noise=alls=3:allf=t',
    ...captionFilter(scene.caption, caption),
    'format=yuv420p',
  ];
  return [
    `${room}[at0]`,
    ...boxes,
    ...moves,
    `[at${String(scene.movers.length)}]${end.join(',')}[out0]`,
  ].join(';');
}

function captionFilter(text: string, caption: Caption): string[] {
  if (caption === 'none') return [];
  const shown = caption === 'with_clock' ? `${text}  %{localtime\\:%F %T}` : `${text}  (recorded earlier)`;
  const look = 'x=w-tw-12:y=10:fontsize=17:fontcolor=white:box=1:boxcolor=black@0.5:boxborderw=6';
  return [`drawtext=text='${shown}':${look}`];
}
