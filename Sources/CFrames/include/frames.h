#ifndef FRAMES_H
#define FRAMES_H

#include <stddef.h>
#include <stdint.h>

/// Comparing the frames of a cine: what of a frame earlier ones explain, and a number for all that a frame holds.

/// Frames of 8-bit samples, those of a pixel side by side, rows without gaps.
struct frames_size {
    size_t width, height, channels;
};

/// Blocks have 8 x 8 pixels; the last of a row or column lies back from the edge, so that all are whole.
enum { frames_block = 8 };

enum frames_answer {
    /// An earlier frame holds the same, up to noise, at most 7 pixels away.
    frames_explained = 0,
    frames_novel = 1,
    /// Not nearly the same.
    frames_foreign = 2
};

/// What earlier frames explain of one.
///
enum frames_wish { frames_unasked = 0, frames_anywhere = 1, frames_in_place = 2 };

/// A block is explained where the mean square of its differences from some block of an earlier frame is at most 3.5 times
/// the noise's variance there, as half the squares of the steps between neighbours show it (two pictures of the same differ
/// by twice that variance), and a half, but at most 50 grey levels squared; or, where lossy compression took the steps but
/// not what comes and goes as a whole, at most twice what is usual at this place, up to 16. Once more than half of the frame
/// is foreign, all that is still to be asked is taken for foreign too.
///
/// - size: width and height of at least 8, one or three channels.
/// - earlier: the last frame first; they are as large.
/// - text: of each earlier frame, by block, row by row, ceil(width / 8) x ceil(height / 8), 1 where it shows text, which
///   explains nothing but what is only asked for in its place.
/// - wanted: by block as well, each a frames_wish: not asked for, since it is known
///   to be the same; explained from anywhere; only from the same place of the last frame.
/// - usual: as many; the mean square of a block's differences from the nearest one, in sixteenths, as it was in the frames
///   before; 0 where that isn't known. This frame's is taken in.
/// - answers: as many, each a frames_answer.
/// - returns: 0, or -1 without memory or for a size that can't be.
int frames_explain(
    const uint8_t *frame, const uint8_t *const *earlier, const uint8_t *const *text, size_t count, struct frames_size size,
    const uint8_t *wanted, uint16_t *usual, uint8_t *answers);

/// How many bytes of key `frames_digest` takes, and how many of digest it gives for so many bytes.
enum { frames_key = 1040 };
size_t frames_digest_size(size_t count);

/// A digest of bytes, by blocks of 1 KB: two blocks that differ give the same with a chance of 2^-64 for a random key
/// (NH, as in RFC 4418, twice with the key shifted).
void frames_digest(const uint8_t *bytes, size_t count, const uint8_t *key, uint64_t *digest);

struct frames_difference {
    uint64_t sum;
    /// How many samples differ by more than was asked for.
    size_t far;
};

/// By how much samples differ, `b` exclusive-or'ed with `flip`.
struct frames_difference frames_differ(const uint8_t *a, const uint8_t *b, size_t count, uint8_t flip, uint8_t most);

#endif
