// Included once for each instruction set, with NAME(x) and BLOCK (places a pointwise convolution works on at once).

static inline v16 NAME(load)(const float *p) { return *(const v16u *)p; }
static inline void NAME(store)(float *p, v16 v) { *(v16u *)p = v; }
static inline v16 NAME(relu)(v16 v) { return __builtin_elementwise_max(v, (v16)(0.0f)); }

/// Each pixel's difference from the mean of the square around it, at two gains.
static void NAME(features)(const struct picture *p, struct tile *t) {
    struct map *f = &t->features;
    f->width = t->width, f->height = t->height, f->channels = 2;
    memset(f->data, 0, (f->width + 4) * (f->height + 4) * 2 * sizeof(float));
    size_t right = smaller(t->x + t->width, p->width), bottom = smaller(t->y + t->height, p->height);
    size_t left_edge = t->x > radius ? t->x - radius : 0, right_edge = smaller(right + radius, p->width);
    size_t columns = right_edge - left_edge;
    uint32_t *sums = calloc(columns + 1, sizeof(uint32_t));
    if (!sums) return;
    size_t top = t->y > radius ? t->y - radius : 0, under = top;
    for (size_t y = t->y; y < bottom; y++) {
        size_t from = y > radius ? y - radius : 0, to = smaller(y + radius + 1, p->height);
        for (; under < to; under++) {
            const uint8_t *line = p->pixels + under * p->width + left_edge;
            for (size_t x = 0; x < columns; x++) sums[x] += line[x];
        }
        for (; top < from; top++) {
            const uint8_t *line = p->pixels + top * p->width + left_edge;
            for (size_t x = 0; x < columns; x++) sums[x] -= line[x];
        }
        uint32_t sum = 0;
        size_t first = left_edge, end = left_edge;
        const uint8_t *line = p->pixels + y * p->width;
        float *out = place(f, 0, (ptrdiff_t)(y - t->y));
        float rows = (float)(to - from), inner = 1.0f / (rows * (2 * radius + 1));
        for (size_t x = t->x; x < right; x++) {
            size_t a = x > radius ? x - radius : 0, b = smaller(x + radius + 1, p->width);
            while (end < b) sum += sums[end++ - left_edge];
            while (first < a) sum -= sums[first++ - left_edge];
            float share = b - a == 2 * radius + 1 ? inner : 1.0f / (rows * (float)(b - a));
            float difference = __builtin_fmaf(-(float)sum, share, (float)line[x]);
            float weak = difference * (1.0f / 8), strong = difference * (1.0f / 64);
            out[0] = strong > 2 ? 2 : strong < -2 ? -2 : strong;
            out[1] = weak > 2 ? 2 : weak < -2 ? -2 : weak;
            out += 2;
        }
    }
    free(sums);
}

/// 3 x 3, every other place, 2 to 16 channels.
static void NAME(stem)(const struct network *net, struct tile *t) {
    for (size_t y = 0; y < t->half.height; y++) {
        struct range range = t->ranges[y / 4];
        for (size_t x = range.first * 4; x < range.end * 4; x++) {
            v16 sum = NAME(load)(net->stem_bias);
            const float *w = net->stem;
            for (int dy = -1; dy <= 1; dy++) {
                const float *in = place(&t->features, (ptrdiff_t)(2 * x) - 1, (ptrdiff_t)(2 * y) + dy);
                for (int i = 0; i < 6; i++, w += 16)
                    sum = __builtin_elementwise_fma((v16)(in[i]), NAME(load)(w), sum);
            }
            NAME(store)(place(&t->half, (ptrdiff_t)x, (ptrdiff_t)y), NAME(relu)(sum));
        }
    }
}

/// `size` x `size`, each channel by itself: one row of `count` places from `x` on, with ReLU.
static inline __attribute__((always_inline)) void NAME(depthwise)(
    const struct map *in, const float *weights, const float *bias, size_t x, size_t y, size_t count, int size,
    int stride, int channels, float *out) {
    int half = size / 2;
    for (size_t i = 0; i < count; i++) {
        for (int c = 0; c < channels; c += 16) {
            v16 sum = NAME(load)(bias + c);
            const float *w = weights + c;
            for (int dy = -half; dy <= half; dy++) {
                const float *p = place(in, (ptrdiff_t)((x + i) * (size_t)stride) - half, (ptrdiff_t)(y * (size_t)stride) + dy) + c;
                for (int dx = 0; dx < size; dx++, w += channels, p += channels)
                    sum = __builtin_elementwise_fma(NAME(load)(p), NAME(load)(w), sum);
            }
            NAME(store)(out + i * (size_t)channels + c, NAME(relu)(sum));
        }
    }
}

/// All channels of one place to `outputs` (a multiple of 32), for `count` places in a row.
static inline __attribute__((always_inline)) void NAME(pointwise)(
    const float *in, const float *weights, const float *bias, size_t count, int channels, int outputs, int rectify,
    const float *added, float *out) {
    for (int o = 0; o < outputs; o += 32) {
        size_t i = 0;
        while (i < count) {
            size_t n = count - i < BLOCK ? 1 : BLOCK;
            v16 low[BLOCK], high[BLOCK];
            const float *w = weights + o;
            if (n == BLOCK) {
                for (int k = 0; k < BLOCK; k++) low[k] = NAME(load)(bias + o), high[k] = NAME(load)(bias + o + 16);
                for (int c = 0; c < channels; c++, w += outputs) {
                    v16 a = NAME(load)(w), b = NAME(load)(w + 16);
#pragma clang loop unroll(full)
                    for (int k = 0; k < BLOCK; k++) {
                        v16 s = (v16)(in[(i + (size_t)k) * (size_t)channels + (size_t)c]);
                        low[k] = __builtin_elementwise_fma(s, a, low[k]);
                        high[k] = __builtin_elementwise_fma(s, b, high[k]);
                    }
                }
            } else {
                low[0] = NAME(load)(bias + o), high[0] = NAME(load)(bias + o + 16);
                for (int c = 0; c < channels; c++, w += outputs) {
                    v16 s = (v16)(in[i * (size_t)channels + (size_t)c]);
                    low[0] = __builtin_elementwise_fma(s, NAME(load)(w), low[0]);
                    high[0] = __builtin_elementwise_fma(s, NAME(load)(w + 16), high[0]);
                }
            }
            for (size_t k = 0; k < n; k++) {
                v16 a = low[k], b = high[k];
                size_t at = (i + k) * (size_t)outputs + (size_t)o;
                if (rectify) a = NAME(relu)(a), b = NAME(relu)(b);
                if (added) a += NAME(load)(added + at), b += NAME(load)(added + at + 16);
                NAME(store)(out + at, a);
                NAME(store)(out + at + 16, b);
            }
            i += n;
        }
    }
}

/// A block on maps whose places are `cell` to a cell of eight pixels.
static inline __attribute__((always_inline)) void NAME(separable)(
    const struct separable *block, const struct map *in, struct map *out, struct tile *t, size_t cell, int size,
    int stride, int channels, int outputs, int residual) {
    for (size_t y = 0; y < out->height; y++) {
        struct range range = t->ranges[y / cell];
        size_t x = range.first * cell, count = (range.end - range.first) * cell;
        if (!count) continue;
        NAME(depthwise)(in, block->depthwise, block->depthwise_bias, x, y, count, size, stride, channels, t->row);
        float *to = place(out, (ptrdiff_t)x, (ptrdiff_t)y);
        const float *added = residual ? place(in, (ptrdiff_t)x, (ptrdiff_t)y) : NULL;
        NAME(pointwise)(t->row, block->pointwise, block->pointwise_bias, count, channels, outputs, 1, added, to);
    }
}

static void NAME(run_tile)(const struct network *net, const struct picture *p, struct tile *t) {
    size_t w = t->width, h = t->height;
    int any = 0;
    for (size_t r = 0; r < h / 8; r++) {
        const uint8_t *active = p->active + (t->y / 8 + r) * p->columns + t->x / 8;
        struct range range = {0, 0};
        for (size_t c = 0; c < w / 8; c++) {
            if (!active[c]) continue;
            if (!range.end) range.first = c;
            range.end = c + 1;
        }
        t->ranges[r] = range;
        any |= range.end > 0;
    }
    if (!any) return;
    NAME(features)(p, t);
    begin(&t->half, t, 2, stem);
    NAME(stem)(net, t);
    begin(&t->quarter, t, 4, fine);
    NAME(separable)(&net->quarter, &t->half, &t->quarter, t, 2, 3, 2, stem, fine, 0);
    begin(&t->detail, t, 4, fine);
    NAME(separable)(&net->detail, &t->quarter, &t->detail, t, 2, 3, 1, fine, fine, 0);
    begin(&t->eighth, t, 8, coarse);
    begin(&t->context, t, 8, coarse);
    NAME(separable)(&net->eighth, &t->detail, &t->eighth, t, 1, 3, 2, fine, coarse, 0);
    struct map *from = &t->eighth, *to = &t->context;
    for (int i = 0; i < blocks; i++) {
        NAME(separable)(&net->context[i], from, to, t, 1, 5, 1, coarse, coarse, 1);
        struct map *swap = from;
        from = to, to = swap;
    }
    begin(&t->sum, t, 4, fine);
    for (size_t y = 0; y < from->height; y++) {
        struct range range = t->ranges[y];
        size_t count = range.end - range.first;
        if (!count) continue;
        NAME(pointwise)(
            place(from, (ptrdiff_t)range.first, (ptrdiff_t)y), net->lateral, net->lateral_bias, count, coarse,
            fine, 0, NULL, t->row);
        for (size_t i = 0; i < 2 * count; i++) {
            for (size_t dy = 0; dy < 2; dy++) {
                size_t x = range.first * 2 + i;
                const float *sharp = place(&t->detail, (ptrdiff_t)x, (ptrdiff_t)(2 * y + dy)), *broad = t->row + i / 2 * fine;
                float *sum = place(&t->sum, (ptrdiff_t)x, (ptrdiff_t)(2 * y + dy));
                NAME(store)(sum, NAME(relu)(NAME(load)(sharp) + NAME(load)(broad)));
                NAME(store)(sum + 16, NAME(relu)(NAME(load)(sharp + 16) + NAME(load)(broad + 16)));
            }
        }
    }
    begin(&t->merged, t, 4, 1);
    // The last block goes straight into the head.
    for (size_t y = 0; y < t->merged.height; y++) {
        struct range range = t->ranges[y / 2];
        size_t x = range.first * 2, count = (range.end - range.first) * 2;
        if (!count) continue;
        float *row = t->row;
        NAME(depthwise)(&t->sum, net->merged.depthwise, net->merged.depthwise_bias, x, y, count, 3, 1, fine, row);
        NAME(pointwise)(row, net->merged.pointwise, net->merged.pointwise_bias, count, fine, fine, 1, NULL, row);
        float *out = place(&t->merged, (ptrdiff_t)x, (ptrdiff_t)y);
        for (size_t i = 0; i < count; i++) {
            float sum = net->head_bias[0];
            for (int c = 0; c < fine; c++) sum = __builtin_fmaf(row[i * fine + (size_t)c], net->head[c], sum);
            out[i] = sum;
        }
    }
}
