#include "frames.h"

#include <stdlib.h>
#include <string.h>

// MARK: - What earlier frames explain

enum { side = frames_block, reach = 7, grid = 3, most_square = 50, most_usual = 16 };

// Vectors are passed between inlined functions only, so that no calling convention is at stake.
#pragma clang diagnostic ignored "-Wpsabi"
#define INLINE static inline __attribute__((always_inline))

// Compiled twice where the processor decides which to use; both give the same numbers.
#if defined(__x86_64__) && defined(__ELF__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("avx2", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

struct vector {
    int8_t x, y;
};

struct search {
    const uint8_t *frame, *earlier;
    struct frames_size size;
    /// Bytes of a row.
    size_t line;
    /// The block's upper left pixel.
    size_t x, y;
    /// The nearest block so far: its distance, and where it lies.
    uint32_t distance;
    struct vector nearest;
    /// Whether any was within twice its limit.
    int near;
    /// No limit is less.
    uint32_t least;
    /// By whole block of the earlier frame, what `limit_at` gives, 0 where that isn't known yet.
    uint32_t *limits;
    /// By block of the earlier frame, whether it shows text; NULL for none.
    const uint8_t *text;
};

typedef uint8_t bytes8 __attribute__((ext_vector_type(8), aligned(1)));

INLINE bytes8 eight(const uint8_t *at) { return *(const bytes8 *)at; }

typedef uint8_t bytes16 __attribute__((ext_vector_type(16), aligned(1)));
typedef uint16_t words16 __attribute__((ext_vector_type(16)));
typedef uint32_t sums8 __attribute__((ext_vector_type(8)));

/// Squares of differences, of at most 127: a block with a greater one is explained by nothing, and four squares fit into
/// 16 bits.
INLINE words16 small_squares(bytes16 a, bytes16 b) {
    bytes16 difference = __builtin_elementwise_max(a, b) - __builtin_elementwise_min(a, b);
    words16 wide = __builtin_convertvector(__builtin_elementwise_min(difference, (bytes16)127), words16);
    return wide * wide;
}

INLINE bytes16 sixteen(const uint8_t *at) { return *(const bytes16 *)at; }

INLINE bytes16 sixteen_of(const uint8_t *first, const uint8_t *second) {
    return __builtin_shufflevector(eight(first), eight(second), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/// The sum of three times sixteen numbers.
INLINE uint32_t total_of(const words16 numbers[3]) {
    sums8 sums = 0;
    for (int i = 0; i < 3; i++) {
        sums8 pairs = (sums8)numbers[i];
        sums += (pairs & 0xffff) + (pairs >> 16);
    }
    return __builtin_reduce_add(sums);
}

/// The sum of squared differences of two blocks; only as much of it as tells that it is above `most`.
INLINE uint32_t distance_of(const uint8_t *a, const uint8_t *b, size_t line, size_t channels, uint32_t most) {
    uint32_t sum = 0;
    for (int half = 0; half < 2 && sum <= most; half++) {
        words16 squares[3] = {0, 0, 0};
        for (int y = 0; y < side / 2; y += 2, a += 2 * line, b += 2 * line) {
            if (channels == 1) {
                squares[0] += small_squares(sixteen_of(a, a + line), sixteen_of(b, b + line));
            } else {
                squares[0] += small_squares(sixteen(a), sixteen(b));
                squares[1] += small_squares(sixteen_of(a + 16, a + line), sixteen_of(b + 16, b + line));
                squares[2] += small_squares(sixteen(a + line + 8), sixteen(b + line + 8));
            }
        }
        sum += total_of(squares);
    }
    return sum;
}

/// The sum of squared steps from pixel to pixel along the rows of a block. One of 127 makes the limit the greatest there is.
INLINE uint32_t steps_in(const uint8_t *block, size_t line, size_t channels) {
    uint32_t sum = 0;
    for (int half = 0; half < 2; half++) {
        words16 squares[3] = {0, 0, 0};
        for (int y = 0; y < side / 2; y += 2, block += 2 * line) {
            const uint8_t *next = block + line;
            // Beside the last pixel is another block.
            if (channels == 1) {
                bytes16 rows = sixteen_of(block, next);
                bytes16 moved = __builtin_shufflevector(rows, rows, 1, 2, 3, 4, 5, 6, 7, 7, 9, 10, 11, 12, 13, 14, 15, 15);
                squares[0] += small_squares(rows, moved);
            } else {
                squares[0] += small_squares(sixteen(block), sixteen(block + 3));
                squares[1] += small_squares(sixteen(next), sixteen(next + 3));
                bytes16 ends = sixteen_of(block + 16, next + 16);
                bytes16 moved = __builtin_shufflevector(ends, ends, 3, 4, 5, 6, 7, 5, 6, 7, 11, 12, 13, 14, 15, 13, 14, 15);
                squares[2] += small_squares(ends, moved);
            }
        }
        sum += total_of(squares);
    }
    return sum;
}

/// The greatest distance from a place of the earlier frame that counts as the same.
INLINE uint32_t limit_at(const struct search *s, size_t x, size_t y, size_t channels) {
    const uint32_t samples = (uint32_t)(side * side * channels);
    size_t columns = s->size.width / side, rows = s->size.height / side;
    size_t column = smaller((x + side / 2) / side, columns - 1), row = smaller((y + side / 2) / side, rows - 1);
    uint32_t *known = &s->limits[row * columns + column];
    if (*known == 0) {
        uint32_t steps = steps_in(s->earlier + row * side * s->line + column * side * channels, s->line, channels);
        // Half a step's square is the noise's; there are 7 steps for 8 pixels.
        *known = (uint32_t)smaller(2 * steps + samples / 2, most_square * samples);
    }
    return *known;
}

/// Whether a place of the earlier frame touches its text.
INLINE int is_text(const struct search *s, size_t x, size_t y) {
    if (!s->text) return 0;
    size_t columns = (s->size.width + side - 1) / side;
    const uint8_t *above = s->text + y / side * columns, *below = s->text + (y + side - 1) / side * columns;
    size_t left = x / side, right = (x + side - 1) / side;
    return above[left] | above[right] | below[left] | below[right];
}

/// Whether a block `by` away explains this one.
INLINE int explains(struct search *s, struct vector by, size_t channels) {
    ptrdiff_t x = (ptrdiff_t)s->x + by.x, y = (ptrdiff_t)s->y + by.y;
    if (x < 0 || y < 0 || (size_t)x + side > s->size.width || (size_t)y + side > s->size.height) return 0;
    if (is_text(s, (size_t)x, (size_t)y)) return 0;
    uint32_t limit = limit_at(s, (size_t)x, (size_t)y, channels);
    if (limit < s->least) limit = s->least;
    uint32_t distance = distance_of(
        s->frame + s->y * s->line + s->x * channels, s->earlier + (size_t)y * s->line + (size_t)x * channels, s->line,
        channels, s->distance > 2 * limit ? s->distance : 2 * limit);
    s->near |= distance <= 2 * limit;
    if (distance < s->distance) s->distance = distance, s->nearest = by;
    if (distance > limit) return 0;
    s->nearest = by;
    return 1;
}

/// Whether the earlier frame explains a block where its neighbours were found.
INLINE int explained_at(struct search *s, const struct vector *starts, size_t count, size_t channels) {
    for (size_t i = 0; i < count; i++) {
        int is_known = 0;
        for (size_t k = 0; k < i; k++) is_known |= starts[k].x == starts[i].x && starts[k].y == starts[i].y;
        if (!is_known && explains(s, starts[i], channels)) return 1;
    }
    return 0;
}

/// Whether it explains the block anywhere: at places of a grid, and from the nearest one on downhill.
INLINE int explained_elsewhere(struct search *s, size_t channels) {
    static const struct vector ring[8] = {{0, -1}, {-1, 0}, {1, 0}, {0, 1}, {-1, -1}, {1, -1}, {-1, 1}, {1, 1}};
    s->distance = UINT32_MAX;
    s->nearest = (struct vector){0, 0};
    for (int8_t y = -2 * grid; y <= 2 * grid; y += grid)
        for (int8_t x = -2 * grid; x <= 2 * grid; x += grid)
            if (explains(s, (struct vector){x, y}, channels)) return 1;
    for (;;) {
        struct vector middle = s->nearest;
        for (int i = 0; i < 8; i++) {
            struct vector next = {(int8_t)(middle.x + ring[i].x), (int8_t)(middle.y + ring[i].y)};
            if (next.x < -reach || next.x > reach || next.y < -reach || next.y > reach) continue;
            if (explains(s, next, channels)) return 1;
        }
        if (s->nearest.x == middle.x && s->nearest.y == middle.y) break;
    }
    return 0;
}

/// What `usual` counts in.
enum { sixteenths = 16 };

/// - found: by column of blocks, where in the last frame the block above was found.
INLINE void explain(
    struct search s, const uint8_t *const *earlier, const uint8_t *const *text, size_t count, const uint8_t *wanted,
    uint16_t *usual, uint8_t *answers, uint32_t *limits, struct vector *found, size_t channels) {
    const size_t columns = (s.size.width + side - 1) / side, rows = (s.size.height + side - 1) / side;
    const uint32_t samples = (uint32_t)(side * side * channels);
    size_t foreign = 0;
    for (size_t row = 0; row < rows; row++) {
        struct vector left = {0, 0};
        s.y = row * side + side > s.size.height ? s.size.height - side : row * side;
        for (size_t column = 0; column < columns; column++) {
            size_t at = row * columns + column;
            answers[at] = frames_explained;
            if (wanted[at] == frames_unasked) {
                usual[at] = (uint16_t)(usual[at] * 3 / 4);
                continue;
            }
            if (foreign * 2 > columns * rows) {
                answers[at] = frames_foreign;
                continue;
            }
            s.x = column * side + side > s.size.width ? s.size.width - side : column * side;
            s.near = 0;
            s.distance = UINT32_MAX;
            int is_explained = 0;
            if (wanted[at] == frames_in_place) {
                s.earlier = earlier[0], s.text = NULL, s.limits = limits, s.least = 0;
                is_explained = explains(&s, (struct vector){0, 0}, channels);
            } else {
                struct vector starts[] = {left, found[column], {0, 0}, found[column + 1 < columns ? column + 1 : column]};
                uint32_t nearest = UINT32_MAX;
                s.least = (uint32_t)smaller(2 * usual[at] * samples / sixteenths, most_usual * samples);
                for (size_t i = 0; i < 2 * count && !is_explained; i++) {
                    s.earlier = earlier[i % count], s.text = text[i % count];
                    s.limits = limits + i % count * columns * rows;
                    is_explained = i < count ? explained_at(&s, starts, 4, channels) : explained_elsewhere(&s, channels);
                    nearest = s.distance < nearest ? s.distance : nearest;
                    // Where only a frame further back explains it, the way from the last one isn't known.
                    if (is_explained && i % count == 0) left = found[column] = s.nearest;
                }
                uint32_t difference = (uint32_t)smaller(nearest / (samples / sixteenths), most_usual * sixteenths);
                usual[at] = (uint16_t)((3 * usual[at] + difference + 2) / 4);
            }
            if (!is_explained) answers[at] = s.near ? frames_novel : frames_foreign;
            foreign += answers[at] == frames_foreign;
        }
    }
}

FOR_EACH_PROCESSOR
int frames_explain(
    const uint8_t *frame, const uint8_t *const *earlier, const uint8_t *const *text, size_t count, struct frames_size size,
    const uint8_t *wanted, uint16_t *usual, uint8_t *answers) {
    if (size.width < side || size.height < side || (size.channels != 1 && size.channels != 3)) return -1;
    size_t columns = (size.width + side - 1) / side, rows = (size.height + side - 1) / side;
    struct vector *found = calloc(columns, sizeof(*found));
    uint32_t *limits = calloc(columns * rows * count, sizeof(*limits));
    if (!found || !limits) {
        free(found);
        free(limits);
        return -1;
    }
    struct search s = {.frame = frame, .size = size, .line = size.width * size.channels};
    // Lengths that are known let the arithmetic be done on vectors.
    if (size.channels == 1) explain(s, earlier, text, count, wanted, usual, answers, limits, found, 1);
    else explain(s, earlier, text, count, wanted, usual, answers, limits, found, 3);
    free(found);
    free(limits);
    return 0;
}

// MARK: - Digests

enum { digest_block = 1024 };

size_t frames_digest_size(size_t count) { return (count + digest_block - 1) / digest_block * 2; }

typedef uint32_t words4 __attribute__((ext_vector_type(4), aligned(1)));
typedef uint64_t sums4 __attribute__((ext_vector_type(4)));

/// Sums of products of 32-bit sums, under a key and under the same moved by four words.
INLINE void nh(const uint8_t *bytes, const uint8_t *key, uint64_t *digest) {
    sums4 sums[2] = {0, 0};
    for (size_t i = 0; i < digest_block; i += 32) {
        words4 first = *(const words4 *)(bytes + i), second = *(const words4 *)(bytes + i + 16);
        for (size_t k = 0; k < 2; k++) {
            words4 a = first + *(const words4 *)(key + i + 16 * k);
            words4 b = second + *(const words4 *)(key + i + 16 * k + 16);
            sums[k] += __builtin_convertvector(a, sums4) * __builtin_convertvector(b, sums4);
        }
    }
    for (size_t k = 0; k < 2; k++) digest[k] = __builtin_reduce_add(sums[k]);
}

FOR_EACH_PROCESSOR
void frames_digest(const uint8_t *bytes, size_t count, const uint8_t *key, uint64_t *digest) {
    size_t whole = count / digest_block * digest_block;
    for (size_t start = 0; start < whole; start += digest_block, digest += 2) nh(bytes + start, key, digest);
    if (whole == count) return;
    uint8_t last[digest_block] = {0};
    memcpy(last, bytes + whole, count - whole);
    nh(last, key, digest);
}

// MARK: - Differences

FOR_EACH_PROCESSOR
struct frames_difference frames_differ(const uint8_t *a, const uint8_t *b, size_t count, uint8_t flip, uint8_t most) {
    struct frames_difference result = {0, 0};
    for (size_t start = 0; start < count; start += 4096) {
        size_t end = count - start < 4096 ? count : start + 4096;
        uint32_t sum = 0, far = 0;
        for (size_t i = start; i < end; i++) {
            int32_t difference = a[i] - (b[i] ^ flip);
            difference = difference < 0 ? -difference : difference;
            sum += (uint32_t)difference;
            far += difference > most;
        }
        result.sum += sum, result.far += far;
    }
    return result;
}
