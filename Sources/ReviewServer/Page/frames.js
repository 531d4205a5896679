// Frames of one image: fetched in small batches, unfolded, kept as samples, turned into pixels under a window.
import { getBytes } from "/server.js";

const batch = 8;
/** Bytes of samples that are kept; what wasn't looked at for longest goes first. */
const mostBytes = 384 << 20;

export class Frames {
  /** `picture`: `original` or `released`. */
  constructor(id, picture, count) {
    this.id = id;
    this.picture = picture;
    this.count = Math.max(1, count);
    this.kept = new Map();
    this.asked = new Map();
    this.bytes = 0;
    this.abort = new AbortController();
  }

  close() {
    this.abort.abort();
    this.kept.clear();
  }

  async frame(number) {
    const known = this.kept.get(number);
    if (known) {
      this.kept.delete(number);
      this.kept.set(number, known);
      return known;
    }
    if (!this.asked.has(number)) { this.ask(number, number); }
    await this.asked.get(number);
    if (!this.kept.has(number)) { await this.frame(number); }
    return this.kept.get(number);
  }

  ask(first, last) {
    let end = first;
    while (end < last && !this.kept.has(end + 1) && !this.asked.has(end + 1)) { end += 1; }
    const answer = this.load(first, end).finally(() => {
      for (let number = first; number <= end; number += 1) { this.asked.delete(number); }
    });
    answer.catch(() => {});
    for (let number = first; number <= end; number += 1) { this.asked.set(number, answer); }
  }

  /** Fetches what lies ahead while nobody waits for it. */
  prefetch(number) {
    for (let ahead = number + 1; ahead <= Math.min(number + 2 * batch, this.count); ahead += 1) {
      if (!this.kept.has(ahead) && !this.asked.has(ahead)) { return this.ask(ahead, Math.min(ahead + batch - 1, this.count)); }
    }
  }

  async load(first, last) {
    const buffer = await getBytes("/api/frames/" + this.id + "/" + this.picture + "/" + first + "-" + last, this.abort.signal);
    const length = new DataView(buffer).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    this.count = head.numberOfFrames;
    let place = 4 + length;
    for (const frame of head.frames) {
      const samples = await inflate(buffer, place, frame.byteCount);
      place += frame.byteCount;
      frame.samples = frame.bytesPerSample === 2 ? new Uint16Array(samples) : new Uint8Array(samples);
      if (frame.layerByteCount > 0) { frame.layer = new Uint8Array(await inflate(buffer, place, frame.layerByteCount)); }
      place += frame.layerByteCount;
      frame.rows = head.rows;
      frame.columns = head.columns;
      this.kept.set(frame.number, frame);
      this.bytes += samples.byteLength;
    }
    for (const [number, frame] of this.kept) {
      if (this.bytes <= mostBytes || number >= first && number <= last) { break; }
      this.kept.delete(number);
      this.bytes -= frame.samples.byteLength;
    }
  }
}

async function inflate(buffer, start, length) {
  const stream = new Blob([new Uint8Array(buffer, start, length)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}

/** Draws a frame into an ImageData of its size under a window: PS3.3 C.11.2.1.2.1. */
export function render(frame, window, image, withLayer) {
  const pixels = new Uint32Array(image.data.buffer);
  const table = window.isEqualised ? equalised(frame) : grey(frame, window);
  const samples = frame.samples;
  if (frame.samplesPerPixel === 3) {
    for (let i = 0, j = 0; i < pixels.length; i += 1, j += 3) {
      pixels[i] = 0xff000000 | table[samples[j + 2]] << 16 | table[samples[j + 1]] << 8 | table[samples[j]];
    }
  } else {
    for (let i = 0; i < pixels.length; i += 1) { pixels[i] = 0xff000000 | table[samples[i]] * 0x010101; }
  }
  if (withLayer && frame.layer) {
    for (let i = 0; i < pixels.length; i += 1) { if (frame.layer[i]) { pixels[i] = 0xff4dd2ff; } }
  }
}

/** Whether a window leaves nothing to be seen of a frame in which there is something. */
export function isBlank(frame, window) {
  if (frame.samplesPerPixel === 3) { return false; }
  const table = grey(frame, window);
  const samples = frame.samples;
  return samples.every((sample) => table[sample] === table[samples[0]]) && samples.some((sample) => sample !== samples[0]);
}

/** Every grey level gets room, that of few pixels more than its share: ink that hardly differs from its ground shows. */
function equalised(frame) {
  const counts = new Float64Array(frame.bytesPerSample === 2 ? 65536 : 256);
  for (const sample of frame.samples) { counts[sample] += 1; }
  const total = counts.reduce((sum, count) => sum + Math.sqrt(count), 0);
  const table = new Uint8Array(counts.length);
  let seen = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const weight = Math.sqrt(counts[i]);
    const shade = (seen + weight / 2) / total * 255;
    table[i] = frame.isInverted ? 255 - shade : shade;
    seen += weight;
  }
  return table;
}

function grey(frame, window) {
  const size = frame.bytesPerSample === 2 ? 65536 : 256;
  const table = new Uint8Array(size);
  const center = window.center - 0.5;
  const width = Math.max(window.width, 1) - 1;
  for (let i = 0; i < size; i += 1) {
    const value = i * frame.slope + frame.intercept;
    let shade;
    if (value <= center - width / 2) { shade = 0; }
    else if (value > center + width / 2) { shade = 255; }
    else { shade = ((value - center) / width + 0.5) * 255; }
    table[i] = frame.isInverted ? 255 - shade : shade;
  }
  return table;
}
