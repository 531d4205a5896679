#include "textnet.h"

#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the model is read as it lies in its file, whose numbers are little-endian"
#endif

#pragma STDC FP_CONTRACT OFF

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// MARK: - The model

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
static const _Alignas(64) uint8_t model[] = {
#embed "../../Models/textnet.safetensors"
};
#pragma clang diagnostic pop

const uint8_t *textnet_model(size_t *size) {
    *size = sizeof(model);
    return model;
}

// MARK: - Weights, in the order of the file

/// Features of a pixel; channels at a quarter and an eighth of the resolution, of the gate, and before the head; blocks
/// at the quarter, at the eighth, and of the gate.
enum { features = 4, fine = 32, coarse = 64, gated = 32, last = 32, fine_blocks = 3, blocks = 5, gate_blocks = 3 };

/// In pixels. A tile's halo holds all that its answers depend on: to the left and above, where that is most, 7 cells of
/// context, then 4 pixels for the way down to them and for each block at the quarter, in whole cells since only those
/// pass the gate; and of the gate the cell beside, 4 cells of its context, and one for its way down and the stem.
enum { tile_side = 1024, halo = (7 * 8 + 4 + 4 * fine_blocks + 7) / 8 * 8 + (1 + 4 + 1) * 8 };

/// How far apart the places are that each block's 3 x 3 convolution takes in.
static const int dilations[blocks] = {1, 2, 1, 2, 1}, gate_dilations[gate_blocks] = {1, 2, 1};

/// How far the squares reach from a pixel whose means it is compared with; powers of two.
enum { means = 2 };
static const size_t radii[means] = {16, 4};

/// Activations are 0...127, so that sums of two products with weights of -127...127 fit into 16 bits. The features'
/// zero is this.
enum { greatest = 127, middle = 64 };

/// By 16 outputs, weights for y, then for what lies in a row of the input, four at a time (a quad), and these outputs, each
/// with its four. `scale` and `bias` make a step of the output of a sum.
///
/// Over four quads side by side, the first and the second two of each apart, the weights above zero and those below are at
/// most 258 in sum, so that sums of so many products fit into 16 bits; but not in the layers that read the features.
struct convolution {
    const int8_t *weights;
    const float *scale, *bias;
    /// The weights of 16 outputs, in bytes.
    size_t sixteen;
};

/// Of one output, in plain numbers.
struct head {
    const float *weights;
    float bias;
};

struct network {
    struct convolution stem, gate_down, gate[gate_blocks], detail[2], fine[fine_blocks], down, context[blocks];
    struct convolution sharp, lateral;
    struct head gate_head, head;
};

static struct convolution take(const uint8_t **at, size_t rows, size_t row, size_t outputs) {
    struct convolution c = {.weights = (const int8_t *)*at, .sixteen = rows * row * 16};
    c.scale = (const float *)(const void *)(*at + rows * row * outputs);
    c.bias = c.scale + outputs;
    *at = (const uint8_t *)(c.bias + outputs);
    return c;
}

static struct head take_head(const uint8_t **at, size_t inputs) {
    struct head h = {.weights = (const float *)(const void *)*at};
    h.bias = h.weights[inputs];
    *at += (inputs + 1) * sizeof(float);
    return h;
}

static struct network network_at(const uint8_t *at) {
    struct network net;
    net.stem = take(&at, 6, 6 * features, fine);
    net.gate_down = take(&at, 3, 3 * fine, gated);
    for (int i = 0; i < gate_blocks; i++) net.gate[i] = take(&at, 3, 3 * gated, gated);
    net.gate_head = take_head(&at, gated);
    net.detail[0] = take(&at, 3, 3 * features, fine), net.detail[1] = take(&at, 3, 3 * fine, fine);
    for (int i = 0; i < fine_blocks; i++) net.fine[i] = take(&at, 3, 3 * fine, fine);
    net.down = take(&at, 3, 3 * fine, coarse);
    for (int i = 0; i < blocks; i++) net.context[i] = take(&at, 3, 3 * coarse, coarse);
    net.sharp = take(&at, 1, fine, last);
    net.lateral = take(&at, 1, coarse, 4 * last);
    net.head = take_head(&at, last);
    return net;
}

// MARK: - One tile's memory

/// A map of `channels` activations a place, with a border of two places of zeros on every side.
struct map {
    uint8_t *data;
    size_t width, height, channels;
};

static inline uint8_t *place(const struct map *map, ptrdiff_t x, ptrdiff_t y) {
    return map->data + ((size_t)(y + 2) * (map->width + 4) + (size_t)(x + 2)) * map->channels;
}

/// The squares of one size around the pixels of a row.
struct squares {
    size_t radius;
    /// By column of the squares, from the first one's first, the sum of its pixels, 0 beyond the picture's edges; and
    /// the sum of this and the next columns, one fewer than a square has.
    uint16_t *sums;
    uint32_t *many;
    /// The rows in the sums.
    size_t top, bottom;
    /// The share of one column in each square's mean, and that of one row.
    float *shares, row_share;
};

/// Rows at half the resolution that two places at a quarter stand on.
enum { half_rows = 5 };

struct tile {
    /// In pixels of the picture, multiples of eight; with the halo.
    size_t x, y, width, height;
    struct map features, stem, gate[2], fine, context[2];
    /// By cell of 8 x 8 pixels, row by row: 1 where the gate looks, and where it lets pass.
    uint8_t *looked, *passed;
    /// Of a row of cells what the last two convolutions give: one place at an eighth, two rows of places at a quarter.
    float *broad, *sharp;
    /// Rows at half the resolution, of a run of cells and one place before it.
    uint8_t *half;
    struct squares squares[means];
};

/// Gives a map its size, and zero to its border. Maps share their memory.
static void begin(struct map *map, const struct tile *t, size_t divisor, size_t channels, uint8_t zero) {
    map->width = t->width / divisor, map->height = t->height / divisor, map->channels = channels;
    size_t line = (map->width + 4) * channels;
    memset(map->data, zero, 2 * line);
    memset(map->data + (map->height + 2) * line, zero, 2 * line);
    for (size_t y = 2; y < map->height + 2; y++) {
        memset(map->data + y * line, zero, 2 * channels);
        memset(map->data + (y + 1) * line - 2 * channels, zero, 2 * channels);
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

static void swap(struct map **a, struct map **b) {
    struct map *was = *a;
    *a = *b, *b = was;
}

/// Whether a block adds nothing: a network may have fewer than there is room for.
static int is_empty(struct convolution c, size_t outputs) {
    for (size_t i = 0; i < outputs; i++)
        if (c.scale[i] != 0 || c.bias[i] != 0) return 0;
    return 1;
}

// MARK: - The memory of tiles, kept from call to call

struct textnet_memory {
    struct tile tile;
    size_t width, height;
};

static void free_maps(struct tile *t) {
    // The other maps lie in these.
    free(t->features.data);
    free(t->stem.data);
    for (int i = 0; i < 2; i++) free(t->gate[i].data);
    free(t->looked);
    free(t->passed);
    free(t->broad);
    free(t->sharp);
    free(t->half);
    for (int i = 0; i < means; i++) {
        free(t->squares[i].sums);
        free(t->squares[i].many);
        free(t->squares[i].shares);
    }
    memset(t, 0, sizeof(*t));
}

struct textnet_memory *textnet_memory_make(void) { return calloc(1, sizeof(struct textnet_memory)); }

void textnet_memory_free(struct textnet_memory *memory) {
    if (!memory) return;
    free_maps(&memory->tile);
    free(memory);
}

/// How many bytes a map of this size takes, in whole cache lines, with room for a load beyond its end.
static size_t map_size(size_t width, size_t height, size_t channels) {
    return ((width + 4) * (height + 4) * channels + 127) / 64 * 64;
}

static size_t greater(size_t a, size_t b) { return a > b ? a : b; }

/// Room for tiles of at least this size, in multiples of eight pixels.
static int reserve(struct textnet_memory *memory, size_t w, size_t h) {
    if (memory->width >= w && memory->height >= h) return 1;
    w = w > memory->width ? w : memory->width, h = h > memory->height ? h : memory->height;
    struct tile *t = &memory->tile;
    free_maps(t);
    memory->width = memory->height = 0;
    size_t cells = (w / 8) * (h / 8), quarter = map_size(w / 4, h / 4, fine), eighth = map_size(w / 8, h / 8, coarse);
    t->looked = malloc(cells);
    t->passed = malloc(cells + w / 8);
    t->broad = aligned_alloc(64, (w / 8 + 1) * 4 * last * sizeof(float));
    t->sharp = aligned_alloc(64, (w / 8 + 1) * 4 * last * sizeof(float));
    t->half = aligned_alloc(64, (half_rows * (w / 2 + 1) * fine + 63) / 64 * 64);
    t->features.data = aligned_alloc(64, greater(map_size(w, h, features), quarter + 2 * eighth));
    t->stem.data = aligned_alloc(64, quarter);
    int made = t->looked && t->passed && t->broad && t->sharp && t->half && t->features.data && t->stem.data;
    for (int i = 0; i < 2; i++) made &= (t->gate[i].data = aligned_alloc(64, map_size(w / 8, h / 8, gated))) != NULL;
    for (int i = 0; i < means; i++) {
        struct squares *s = &t->squares[i];
        s->radius = radii[i];
        s->sums = malloc((w + 2 * s->radius + 16) * sizeof(*s->sums));
        s->many = malloc((w + 3 * s->radius + 16) * sizeof(*s->many));
        s->shares = malloc((w + 16) * sizeof(*s->shares));
        made &= s->sums && s->many && s->shares;
    }
    if (!made) return 0;
    // What is made late takes the place of what isn't needed any more.
    t->fine.data = t->features.data;
    for (int i = 0; i < 2; i++) t->context[i].data = t->fine.data + quarter + (size_t)i * eighth;
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
typedef int32_t v16i __attribute__((ext_vector_type(16)));
typedef int32_t v16iu __attribute__((ext_vector_type(16), aligned(4)));
typedef uint32_t v16w __attribute__((ext_vector_type(16), aligned(4)));
typedef uint16_t v16s __attribute__((ext_vector_type(16), aligned(2)));
typedef uint8_t v16b __attribute__((ext_vector_type(16), aligned(1)));

// Vectors are passed between inlined functions only, so that no calling convention is at stake.
#pragma clang diagnostic ignored "-Wpsabi"
#define INLINE static inline __attribute__((always_inline))

/// The four bytes at a place.
INLINE uint32_t four(const uint8_t *p) {
    uint32_t result;
    memcpy(&result, p, sizeof(result));
    return result;
}

// To each of 16 sums the products of its weights and the activations, `n` times four of them. All three give the same
// bits.

INLINE v16i sums_portable(v16i sums, const uint8_t *activations, const int8_t *weights, const size_t n) {
    for (size_t i = 0; i < n; i++, activations += 4, weights += 64) {
        v16i w = *(const v16iu *)(const void *)weights;
        v16i a = w << 24 >> 24, b = w << 16 >> 24, c = w << 8 >> 24, d = w >> 24;
        sums += a * (int32_t)activations[0] + b * (int32_t)activations[1] + c * (int32_t)activations[2]
            + d * (int32_t)activations[3];
    }
    return sums;
}

#define NAME(x) x##_portable
#define BLOCK 2
#define WIDE 1
#define QUADS 1
#include "textnet_layers.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
INLINE v16i sums_avx2(v16i sums, const uint8_t *activations, const int8_t *weights, const size_t n) {
    union { v16i whole; __m256i half[2]; } s = {sums};
#pragma clang loop unroll(full)
    for (size_t h = 0; h < 2; h++) {
        // Of each two of four activations; that their sums fit is the weights' part.
        __m256i pairs;
#pragma clang loop unroll(full)
        for (size_t i = 0; i < n; i++) {
            __m256i w = _mm256_loadu_si256((const __m256i_u *)(const void *)(weights + 64 * i + 32 * h));
            __m256i products = _mm256_maddubs_epi16(_mm256_set1_epi32((int)four(activations + 4 * i)), w);
            pairs = i == 0 ? products : _mm256_add_epi16(pairs, products);
        }
        s.half[h] = _mm256_add_epi32(s.half[h], _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
    }
    return s.whole;
}
#define NAME(x) x##_avx2
#define BLOCK 2
#define WIDE 1
#define QUADS 4
#include "textnet_layers.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avxvnni,avx2,fma"))), apply_to = function)
INLINE v16i sums_avxvnni(v16i sums, const uint8_t *activations, const int8_t *weights, const size_t n) {
    union { v16i whole; __m256i half[2]; } s = {sums};
#pragma clang loop unroll(full)
    for (size_t i = 0; i < n; i++) {
        __m256i four_of = _mm256_set1_epi32((int)four(activations + 4 * i));
#pragma clang loop unroll(full)
        for (size_t h = 0; h < 2; h++)
            s.half[h] = _mm256_dpbusd_avx_epi32(
                s.half[h], four_of, _mm256_loadu_si256((const __m256i_u *)(const void *)(weights + 64 * i + 32 * h)));
    }
    return s.whole;
}
#define NAME(x) x##_avxvnni
#define BLOCK 6
#define FEW 3
#define FEWER(step, wide) step(3, wide) step(2, wide) step(1, wide)
#define REST(step, wide) step(5, wide) step(4, wide) FEWER(step, wide)
#define WIDE 1
#define QUADS 1
#include "textnet_layers.h"
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma"))), apply_to = function)
INLINE v16i sums_avx512(v16i sums, const uint8_t *activations, const int8_t *weights, const size_t n) {
    __m512i s = (__m512i)sums;
#pragma clang loop unroll(full)
    for (size_t i = 0; i < n; i++) {
        __m512i w = _mm512_loadu_si512(weights + 64 * i);
        s = _mm512_dpbusd_epi32(s, _mm512_set1_epi32((int)four(activations + 4 * i)), w);
    }
    return (v16i)s;
}
#define NAME(x) x##_avx512
#define BLOCK 12
#define FEW 6
#define FEWER(step, wide) step(6, wide) step(5, wide) step(4, wide) step(3, wide) step(2, wide) step(1, wide)
#define REST(step, wide) step(11, wide) step(10, wide) step(9, wide) step(8, wide) step(7, wide) FEWER(step, wide)
#define WIDE 2
#define QUADS 1
#include "textnet_layers.h"
#pragma clang attribute pop
#endif

int textnet_supports(int instructions) {
#if defined(__x86_64__)
    __builtin_cpu_init();
#endif
    switch (instructions) {
    case textnet_best:
    case textnet_portable: return 1;
#if defined(__x86_64__)
    case textnet_avx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case textnet_avxvnni: return textnet_supports(textnet_avx2) && __builtin_cpu_supports("avxvnni");
    case textnet_avx512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
            && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("fma");
#endif
    default: return 0;
    }
}

int textnet_run(
    struct textnet_memory *memory, const uint8_t *weights, const uint8_t *pixels, size_t width, size_t height,
    const uint8_t *seeds, float gate, float *logits, int instructions) {
    if (!textnet_supports(instructions)) return -2;
    if (instructions == textnet_best)
        for (instructions = textnet_avx512; !textnet_supports(instructions);) instructions--;
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
    size_t full_width = p.columns * 8, full_height = p.rows * 8, side = tile_side + 2 * halo;
    int made = reserve(memory, smaller(full_width, side), smaller(full_height, side));
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
                else if (instructions == textnet_avxvnni) run_tile_avxvnni(&net, &p, tile, inner);
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
