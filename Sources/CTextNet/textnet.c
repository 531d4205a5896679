#include "textnet.h"

#include <stdlib.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// MARK: - The model

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
static const uint8_t model[] = {
#embed "../../Models/textnet.safetensors"
};
#pragma clang diagnostic pop

const uint8_t *textnet_model(size_t *size) {
    *size = sizeof(model);
    return model;
}

// MARK: - Weights, in the order of the file

/// Channels at a quarter and an eighth of the resolution, and of the gate; blocks at the eighth; the rest in pixels.
enum { fine = 32, coarse = 64, gated = 32, blocks = 5, gate_blocks = 3, radius = 16, tile_side = 1024, halo = 112 };

/// How far apart the places are that each block's 3 x 3 convolution takes in.
static const int dilations[blocks] = {1, 2, 1, 2, 1}, gate_dilations[gate_blocks] = {1, 2, 1};

/// Weights for y, x, input, output.
struct convolution {
    const float *weights, *bias;
};

struct network {
    struct convolution stem, gate_down, gate[gate_blocks], gate_head, detail[2], fine, down, context[blocks], lateral, head;
};

static struct convolution take(const float **at, size_t taps, size_t inputs, size_t outputs) {
    struct convolution c = {*at, *at + taps * inputs * outputs};
    *at += (taps * inputs + 1) * outputs;
    return c;
}

static struct network network_at(const float *weights) {
    struct network net;
    const float *at = weights;
    net.stem = take(&at, 36, 2, fine);
    net.gate_down = take(&at, 9, fine, gated);
    for (int i = 0; i < gate_blocks; i++) net.gate[i] = take(&at, 9, gated, gated);
    net.gate_head = take(&at, 1, gated, 1);
    net.detail[0] = take(&at, 9, 2, fine), net.detail[1] = take(&at, 9, fine, fine);
    net.fine = take(&at, 9, fine, fine);
    net.down = take(&at, 9, fine, coarse);
    for (int i = 0; i < blocks; i++) net.context[i] = take(&at, 9, coarse, coarse);
    net.lateral = take(&at, 1, coarse, 4 * fine);
    net.head = take(&at, 1, fine, 1);
    return net;
}

// MARK: - One tile's memory

/// A map of `channels` floats a place, with a border of two places of zeros on every side.
struct map {
    float *data;
    size_t width, height, channels;
};

static inline float *place(const struct map *map, ptrdiff_t x, ptrdiff_t y) {
    return map->data + ((size_t)(y + 2) * (map->width + 4) + (size_t)(x + 2)) * map->channels;
}

struct tile {
    /// In pixels of the picture, multiples of eight; with the halo.
    size_t x, y, width, height;
    struct map features, stem, gate[2], fine, context[2];
    /// By cell of 8 x 8 pixels, row by row: 1 where the gate looks, and where it lets pass.
    uint8_t *looked, *passed;
    /// One row of what the last convolution gives.
    float *row;
    /// Three rows at half the resolution, of a run of cells and one place before it.
    float *half;
    /// One row of sums over columns of pixels, and what a sum over a box begins with.
    uint32_t *sums, *before;
    /// The share of one column in the mean around each pixel of a row.
    float *shares;
};

/// Gives a map its size, and zero to its border. Maps share their memory.
static void begin(struct map *map, const struct tile *t, size_t divisor, size_t channels) {
    map->width = t->width / divisor, map->height = t->height / divisor, map->channels = channels;
    size_t line = (map->width + 4) * channels;
    memset(map->data, 0, 2 * line * sizeof(float));
    memset(map->data + (map->height + 2) * line, 0, 2 * line * sizeof(float));
    for (size_t y = 2; y < map->height + 2; y++) {
        memset(map->data + y * line, 0, 2 * channels * sizeof(float));
        memset(map->data + (y + 1) * line - 2 * channels, 0, 2 * channels * sizeof(float));
    }
}

/// How many cells from `at` on have the same mark.
static size_t run_length(const uint8_t *cells, size_t at, size_t end) {
    size_t next = at + 1;
    while (next < end && !cells[next] == !cells[at]) next++;
    return next - at;
}

/// Marks all cells at most `reach` from a marked one. Returns whether there is any.
static int widen(const uint8_t *cells, uint8_t *wide, uint8_t *line, size_t columns, size_t rows, size_t reach) {
    int any = 0;
    memset(wide, 0, columns * rows);
    for (size_t r = 0; r < rows; r++) {
        int here = 0;
        memset(line, 0, columns);
        for (size_t c = 0; c < columns; c++) {
            if (!cells[r * columns + c]) continue;
            size_t from = c > reach ? c - reach : 0, to = c + reach < columns ? c + reach : columns - 1;
            memset(line + from, 1, to - from + 1);
            here = 1;
        }
        if (!here) continue;
        any = 1;
        for (size_t y = r > reach ? r - reach : 0; y <= r + reach && y < rows; y++)
            for (size_t c = 0; c < columns; c++) wide[y * columns + c] |= line[c];
    }
    return any;
}

// MARK: - The memory of tiles, kept from call to call

struct textnet_memory {
    struct tile tile;
    size_t width, height;
};

static void free_maps(struct tile *t) {
    // The others lie in these.
    free(t->features.data);
    free(t->stem.data);
    free(t->context[0].data);
    free(t->context[1].data);
    free(t->looked);
    free(t->passed);
    free(t->row);
    free(t->half);
    free(t->sums);
    free(t->before);
    free(t->shares);
    memset(t, 0, sizeof(*t));
}

struct textnet_memory *textnet_memory_make(void) { return calloc(1, sizeof(struct textnet_memory)); }

void textnet_memory_free(struct textnet_memory *memory) {
    if (!memory) return;
    free_maps(&memory->tile);
    free(memory);
}

/// How many floats a map of this size takes, in whole cache lines.
static size_t map_size(size_t width, size_t height, size_t channels) {
    return ((width + 4) * (height + 4) * channels + 31) / 16 * 16;
}

static float *make_map(size_t floats) { return aligned_alloc(64, floats * sizeof(float)); }

/// Room for tiles of at least this size, in multiples of eight pixels.
static int reserve(struct textnet_memory *memory, size_t w, size_t h) {
    if (memory->width >= w && memory->height >= h) return 1;
    w = w > memory->width ? w : memory->width, h = h > memory->height ? h : memory->height;
    struct tile *t = &memory->tile;
    free_maps(t);
    memory->width = memory->height = 0;
    size_t cells = (w / 8) * (h / 8), whole = map_size(w, h, 2), quarter = map_size(w / 4, h / 4, fine);
    t->looked = malloc(cells);
    t->passed = malloc(cells + w / 8);
    t->row = aligned_alloc(64, (w / 8 + 1) * 4 * fine * sizeof(float));
    t->half = make_map(3 * (w / 2 + 1) * fine);
    t->sums = malloc((w + 2 * radius + 1) * sizeof(uint32_t));
    t->before = malloc((w + 2 * radius + 2) * sizeof(uint32_t));
    t->shares = malloc((w + 1) * sizeof(float));
    t->features.data = make_map(whole > quarter ? whole : quarter);
    t->stem.data = make_map(quarter);
    for (int i = 0; i < 2; i++) t->context[i].data = make_map(map_size(w / 8, h / 8, coarse));
    int made = t->looked && t->passed && t->row && t->half && t->sums && t->before && t->shares && t->features.data && t->stem.data
        && t->context[0].data && t->context[1].data;
    if (!made) return 0;
    // What is made late takes the place of what isn't needed any more, what is made early of what is yet to be made.
    t->fine.data = t->features.data;
    for (int i = 0; i < 2; i++) t->gate[i].data = t->context[i].data;
    memory->width = w, memory->height = h;
    return 1;
}

// MARK: - Where to look

/// Cells this near a seed are looked at as well, since a line goes on where its strokes are few; and cells this near
/// one that the gate lets pass.
enum { reach = 1 };

struct picture {
    const uint8_t *pixels;
    size_t width, height;
    /// Cells of eight pixels, 1 where something is near.
    uint8_t *active;
    size_t columns, rows;
    /// Log odds from which the gate lets a cell pass.
    float gate;
    float *logits;
};

/// The part of a tile that its halo surrounds, in pixels.
struct inner {
    size_t left, top, right, bottom;
};

int textnet_spans(const uint8_t *pixels, size_t width, size_t height, uint8_t *spans) {
    size_t columns = (width + 7) / 8, rows = (height + 7) / 8;
    // One column more than the picture has, so that the last cell needs no case of its own.
    uint8_t *low = malloc(2 * (columns * 8 + 1)), *high = low + columns * 8 + 1;
    if (!low) return -1;
    for (size_t r = 0; r < rows; r++) {
        size_t top = r * 8, end = smaller(top + 9, height);
        memcpy(low, pixels + top * width, width);
        memcpy(high, pixels + top * width, width);
        for (size_t y = top + 1; y < end; y++) {
            const uint8_t *line = pixels + y * width;
            for (size_t x = 0; x < width; x++) {
                low[x] = line[x] < low[x] ? line[x] : low[x];
                high[x] = line[x] > high[x] ? line[x] : high[x];
            }
        }
        for (size_t x = width; x <= columns * 8; x++) low[x] = low[width - 1], high[x] = high[width - 1];
        for (size_t c = 0; c < columns; c++) {
            uint8_t least = 255, most = 0;
            for (size_t x = c * 8; x <= c * 8 + 8; x++) {
                least = low[x] < least ? low[x] : least;
                most = high[x] > most ? high[x] : most;
            }
            spans[r * columns + c] = most - least;
        }
    }
    free(low);
    return 0;
}

/// What is near a seed. Returns whether there is any, or -1 without memory.
static int find_active(struct picture *p, const uint8_t *seeds) {
    uint8_t *line = malloc(p->columns);
    if (!line) return -1;
    int any = widen(seeds, p->active, line, p->columns, p->rows, reach);
    free(line);
    return any;
}

// MARK: - The arithmetic, once for each instruction set

typedef float v16 __attribute__((ext_vector_type(16)));
typedef float v16u __attribute__((ext_vector_type(16), aligned(4)));

// Vectors are passed between inlined functions only, so that no calling convention is at stake.
#pragma clang diagnostic ignored "-Wpsabi"
#define INLINE static inline __attribute__((always_inline))

#define NAME(x) x##_portable
#define BLOCK 2
#include "textnet_layers.h"
#undef NAME
#undef BLOCK

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define NAME(x) x##_avx2
#define BLOCK 2
#include "textnet_layers.h"
#undef NAME
#undef BLOCK
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define NAME(x) x##_avx512
#define BLOCK 12
#include "textnet_layers.h"
#undef NAME
#undef BLOCK
#pragma clang attribute pop
#endif

int textnet_supported(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma"))
        return textnet_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return textnet_avx2;
#endif
    return textnet_portable;
}

int textnet_run(
    struct textnet_memory *memory, const float *weights, const uint8_t *pixels, size_t width, size_t height,
    const uint8_t *seeds, float gate, float *logits, int instructions) {
    int best = textnet_supported();
    if (instructions == textnet_best) instructions = best;
    if (instructions > best) return -2;
    struct picture p = {.pixels = pixels, .width = width, .height = height, .gate = gate, .logits = logits};
    p.columns = (width + 7) / 8, p.rows = (height + 7) / 8;
    for (size_t i = 0; i < p.columns * p.rows * 4; i++) logits[i] = TEXTNET_FLAT;
    p.active = malloc(p.columns * p.rows);
    if (!p.active) return -1;
    int any = find_active(&p, seeds);
    if (any <= 0) {
        free(p.active);
        return any;
    }
    size_t full_width = p.columns * 8, full_height = p.rows * 8, most = tile_side + 2 * halo;
    int made = reserve(memory, smaller(full_width, most), smaller(full_height, most));
    if (made) {
        struct tile *tile = &memory->tile;
        struct network net = network_at(weights);
        for (size_t y = 0; y < full_height; y += tile_side) {
            for (size_t x = 0; x < full_width; x += tile_side) {
                struct inner inner = {x, y, smaller(x + tile_side, full_width), smaller(y + tile_side, full_height)};
                tile->x = x > halo ? x - halo : 0, tile->y = y > halo ? y - halo : 0;
                tile->width = smaller(inner.right + halo, full_width) - tile->x;
                tile->height = smaller(inner.bottom + halo, full_height) - tile->y;
#if defined(__x86_64__)
                if (instructions == textnet_avx512) run_tile_avx512(&net, &p, tile, inner);
                else if (instructions == textnet_avx2) run_tile_avx2(&net, &p, tile, inner);
                else
#endif
                    run_tile_portable(&net, &p, tile, inner);
            }
        }
    }
    free(p.active);
    return made ? 0 : -1;
}
