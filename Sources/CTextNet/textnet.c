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

/// Channels at half, a quarter and an eighth of the resolution; blocks at the eighth; the rest in pixels.
enum { stem = 16, fine = 32, coarse = 64, blocks = 4, radius = 16, tile_side = 1024, halo = 112 };

struct separable {
    const float *depthwise, *depthwise_bias, *pointwise, *pointwise_bias;
};

struct network {
    const float *stem, *stem_bias;
    struct separable quarter, detail, eighth, context[blocks];
    const float *lateral, *lateral_bias;
    struct separable merged;
    const float *head, *head_bias;
};

static const float *take(const float **at, size_t count) {
    const float *here = *at;
    *at += count;
    return here;
}

static struct separable separable_at(const float **at, size_t inputs, size_t outputs, size_t size) {
    struct separable block;
    block.depthwise = take(at, size * size * inputs);
    block.depthwise_bias = take(at, inputs);
    block.pointwise = take(at, inputs * outputs);
    block.pointwise_bias = take(at, outputs);
    return block;
}

static struct network network_at(const float *weights) {
    struct network net;
    const float *at = weights;
    net.stem = take(&at, 3 * 3 * 2 * stem);
    net.stem_bias = take(&at, stem);
    net.quarter = separable_at(&at, stem, fine, 3);
    net.detail = separable_at(&at, fine, fine, 3);
    net.eighth = separable_at(&at, fine, coarse, 3);
    for (int i = 0; i < blocks; i++) net.context[i] = separable_at(&at, coarse, coarse, 5);
    net.lateral = take(&at, coarse * fine);
    net.lateral_bias = take(&at, fine);
    net.merged = separable_at(&at, fine, fine, 3);
    net.head = take(&at, fine);
    net.head_bias = take(&at, 1);
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

/// Columns that are worked on in one band of eight rows, in cells of eight pixels; the rest stays zero.
struct range {
    size_t first, end;
};

struct tile {
    /// In pixels of the picture, multiples of eight; with the halo.
    size_t x, y, width, height;
    struct map features, half, quarter, detail, eighth, context, sum, merged;
    /// One for each eight rows.
    struct range *ranges;
    /// One row of what a pointwise convolution takes or gives.
    float *row;
};

/// Gives a map its size, and zero to its border and to what lies outside the ranges.
///
/// Done to each map just before it is written, since maps share their memory.
static void begin(struct map *map, const struct tile *t, size_t divisor, size_t channels) {
    map->width = t->width / divisor, map->height = t->height / divisor, map->channels = channels;
    size_t cell = 8 / divisor;
    size_t line = (map->width + 4) * map->channels;
    memset(map->data, 0, 2 * line * sizeof(float));
    memset(map->data + (map->height + 2) * line, 0, 2 * line * sizeof(float));
    for (size_t y = 0; y < map->height; y++) {
        struct range range = t->ranges[y / cell];
        float *start = map->data + (y + 2) * line;
        size_t first = (range.first * cell + 2) * map->channels, end = (range.end * cell + 2) * map->channels;
        memset(start, 0, first * sizeof(float));
        memset(start + end, 0, (line - end) * sizeof(float));
    }
}

// MARK: - The memory of tiles, kept from call to call

struct textnet_memory {
    struct tile tile;
    size_t width, height;
};

static void free_maps(struct tile *t) {
    // The others lie in these.
    free(t->features.data);
    free(t->half.data);
    free(t->quarter.data);
    free(t->detail.data);
    free(t->ranges);
    free(t->row);
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
    t->ranges = calloc(h / 8 + 1, sizeof(struct range));
    t->row = aligned_alloc(64, (w / 4 + 8) * coarse * sizeof(float));
    size_t half = map_size(w / 2, h / 2, stem), eighth = map_size(w / 8, h / 8, coarse);
    t->features.data = make_map(map_size(w, h, 2));
    t->half.data = make_map(half > 2 * eighth ? half : 2 * eighth);
    t->quarter.data = make_map(map_size(w / 4, h / 4, fine));
    t->detail.data = make_map(map_size(w / 4, h / 4, fine));
    int made = t->ranges && t->row && t->features.data && t->half.data && t->quarter.data && t->detail.data;
    if (made) {
        // What is made late takes the place of what isn't needed any more.
        t->eighth.data = t->half.data;
        t->context.data = t->half.data + eighth;
        t->sum.data = t->quarter.data;
        t->merged.data = t->features.data;
    }
    if (made) memory->width = w, memory->height = h;
    return made;
}

// MARK: - Where to look

/// Cells this near a seed are looked at as well, since a line goes on where its strokes are few.
enum { reach = 4 };

struct picture {
    const uint8_t *pixels;
    size_t width, height;
    /// Cells of eight pixels, 1 where something is near.
    uint8_t *active;
    size_t columns, rows;
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
    size_t columns = p->columns, rows = p->rows, count = columns * rows;
    uint8_t *wider = calloc(count, 1);
    if (!wider) return -1;
    int any = 0;
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            if (!seeds[r * columns + c]) continue;
            size_t from = c > reach ? c - reach : 0, to = c + reach < columns ? c + reach : columns - 1;
            memset(wider + r * columns + from, 1, to - from + 1);
            any = 1;
        }
    }
    memset(p->active, 0, count);
    for (size_t r = 0; r < rows; r++) {
        for (size_t y = r > reach ? r - reach : 0; y <= r + reach && y < rows; y++) {
            for (size_t c = 0; c < columns; c++) p->active[y * columns + c] |= wider[r * columns + c];
        }
    }
    free(wider);
    return any;
}

// MARK: - The arithmetic, once for each instruction set

typedef float v16 __attribute__((ext_vector_type(16)));
typedef float v16u __attribute__((ext_vector_type(16), aligned(4)));

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
#define BLOCK 8
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
    struct textnet_memory *memory, const float *weights, const uint8_t *pixels, size_t width, size_t height, const uint8_t *seeds, float *logits,
    int instructions) {
    int best = textnet_supported();
    if (instructions == textnet_best) instructions = best;
    if (instructions > best) return -2;
    struct picture p = {.pixels = pixels, .width = width, .height = height};
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
                size_t inner_right = smaller(x + tile_side, full_width), inner_bottom = smaller(y + tile_side, full_height);
                tile->x = x > halo ? x - halo : 0, tile->y = y > halo ? y - halo : 0;
                tile->width = smaller(inner_right + halo, full_width) - tile->x;
                tile->height = smaller(inner_bottom + halo, full_height) - tile->y;
#if defined(__x86_64__)
                if (instructions == textnet_avx512) run_tile_avx512(&net, &p, tile);
                else if (instructions == textnet_avx2) run_tile_avx2(&net, &p, tile);
                else
#endif
                    run_tile_portable(&net, &p, tile);
                for (size_t row = y / 4; row < inner_bottom / 4; row++) {
                    for (size_t column = x / 4; column < inner_right / 4; column++) {
                        if (!p.active[row / 2 * p.columns + column / 2]) continue;
                        logits[row * p.columns * 2 + column] =
                            *place(&tile->merged, (ptrdiff_t)(column - tile->x / 4), (ptrdiff_t)(row - tile->y / 4));
                    }
                }
            }
        }
    }
    free(p.active);
    return made ? 0 : -1;
}
