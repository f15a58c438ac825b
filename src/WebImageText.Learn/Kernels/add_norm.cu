// s = x + a + b over rows of a stream, where b is a bias or null, and n = (s - mean) / deviation * weight + start of each row. A block
// takes a few rows at a time, one thread for eight columns.

#define ROWS_FORWARD 4
#define ROWS_BACK 2
#define WARPS 8

// Sums over the block, for every thread. held must not be that of the call before.
template <int Count>
__device__ __forceinline__ void block_sums(float (&values)[Count], float (*held)[Count])
{
#pragma unroll
    for (int offset = 16; offset > 0; offset /= 2)
#pragma unroll
        for (int n = 0; n < Count; n++)
            values[n] += __shfl_xor_sync(0xffffffffu, values[n], offset);
    if (blockDim.x == 32)
        return;
    if (threadIdx.x % 32 == 0)
#pragma unroll
        for (int n = 0; n < Count; n++)
            held[threadIdx.x / 32][n] = values[n];
    __syncthreads();
#pragma unroll
    for (int n = 0; n < Count; n++)
        values[n] = held[0][n];
    for (int warp = 1; warp < blockDim.x / 32; warp++)
#pragma unroll
        for (int n = 0; n < Count; n++)
            values[n] += held[warp][n];
}

template <typename T>
__device__ __forceinline__ void add_norm(
    const Eight *x, const Eight *a, const Eight *b, const Eight *weight, const Eight *start, long long rows, int vectors, float epsilon,
    Eight *s, Eight *n, float *means, float *inverses)
{
    __shared__ float first[WARPS][ROWS_FORWARD], second[WARPS][ROWS_FORWARD];
    const int vector = threadIdx.x;
    const bool is_there = vector < vectors;
    const float share = 1.0f / (8 * vectors);
    float added[8] = {}, gain[8] = {}, base[8] = {};
    if (is_there)
    {
        if (b)
            widen<T>(b[vector], added);
        widen<T>(weight[vector], gain);
        widen<T>(start[vector], base);
    }
    for (long long row = static_cast<long long>(blockIdx.x) * ROWS_FORWARD; row < rows; row += static_cast<long long>(gridDim.x) * ROWS_FORWARD)
    {
        Eight held[ROWS_FORWARD][2];
#pragma unroll
        for (int r = 0; r < ROWS_FORWARD; r++)
            if (is_there && row + r < rows)
            {
                held[r][0] = x[(row + r) * vectors + vector];
                held[r][1] = a[(row + r) * vectors + vector];
            }
        float value[ROWS_FORWARD][8] = {}, mean[ROWS_FORWARD] = {}, inverse[ROWS_FORWARD] = {};
#pragma unroll
        for (int r = 0; r < ROWS_FORWARD; r++)
            if (is_there && row + r < rows)
            {
                float more[8];
                widen<T>(held[r][0], value[r]);
                widen<T>(held[r][1], more);
#pragma unroll
                for (int k = 0; k < 8; k++)
                    value[r][k] += more[k] + added[k];
                const Eight rounded = narrow<T>(value[r]);
                s[(row + r) * vectors + vector] = rounded;
                widen<T>(rounded, value[r]); // the norm is of what the next reader finds
#pragma unroll
                for (int k = 0; k < 8; k++)
                    mean[r] += value[r][k];
            }
        block_sums(mean, first);
#pragma unroll
        for (int r = 0; r < ROWS_FORWARD; r++)
        {
            mean[r] *= share;
            if (is_there)
#pragma unroll
                for (int k = 0; k < 8; k++)
                    inverse[r] = fmaf(value[r][k] - mean[r], value[r][k] - mean[r], inverse[r]);
        }
        block_sums(inverse, second);
#pragma unroll
        for (int r = 0; r < ROWS_FORWARD; r++)
            if (row + r < rows)
            {
                inverse[r] = rsqrtf(fmaf(inverse[r], share, epsilon));
                if (is_there)
                {
#pragma unroll
                    for (int k = 0; k < 8; k++)
                        value[r][k] = fmaf((value[r][k] - mean[r]) * inverse[r], gain[k], base[k]);
                    n[(row + r) * vectors + vector] = narrow<T>(value[r]);
                }
                if (threadIdx.x == 0)
                {
                    means[row + r] = mean[r];
                    inverses[row + r] = inverse[r];
                }
            }
    }
}

// The gradient of s, with ds, what comes to it past the norm, or null; and for weight, start and b the sums of dn * normed, of dn and
// of the gradient, over the rows of this block. partials: float32 [gridDim.x, 3, columns]
template <typename T>
__device__ __forceinline__ void add_norm_back(
    const Eight *s, const Eight *dn, const Eight *ds, const Eight *weight, long long rows, int vectors, const float *means,
    const float *inverses, Eight *gradient, float *partials)
{
    __shared__ float held[2][WARPS][2 * ROWS_BACK];
    const int vector = threadIdx.x;
    const bool is_there = vector < vectors;
    const float share = 1.0f / (8 * vectors);
    float gain[8] = {}, sums[3][8] = {};
    if (is_there)
        widen<T>(weight[vector], gain);
    int turn = 0;
    for (long long row = static_cast<long long>(blockIdx.x) * ROWS_BACK; row < rows; row += static_cast<long long>(gridDim.x) * ROWS_BACK)
    {
        Eight streams[ROWS_BACK][3] = {};
        float inverse[ROWS_BACK], normed[ROWS_BACK][8] = {}, up[ROWS_BACK][8] = {}, means_of_row[2 * ROWS_BACK] = {};
#pragma unroll
        for (int r = 0; r < ROWS_BACK; r++)
            if (is_there && row + r < rows)
            {
                streams[r][0] = s[(row + r) * vectors + vector];
                streams[r][1] = dn[(row + r) * vectors + vector];
                if (ds)
                    streams[r][2] = ds[(row + r) * vectors + vector];
            }
#pragma unroll
        for (int r = 0; r < ROWS_BACK; r++)
            if (is_there && row + r < rows)
            {
                const float mean = means[row + r];
                inverse[r] = inverses[row + r];
                widen<T>(streams[r][0], normed[r]);
                widen<T>(streams[r][1], up[r]);
#pragma unroll
                for (int k = 0; k < 8; k++)
                {
                    normed[r][k] = (normed[r][k] - mean) * inverse[r];
                    sums[0][k] = fmaf(up[r][k], normed[r][k], sums[0][k]);
                    sums[1][k] += up[r][k];
                    up[r][k] *= gain[k];
                    means_of_row[2 * r] += up[r][k];
                    means_of_row[2 * r + 1] = fmaf(up[r][k], normed[r][k], means_of_row[2 * r + 1]);
                }
            }
        block_sums(means_of_row, held[turn]);
        turn ^= 1;
#pragma unroll
        for (int r = 0; r < ROWS_BACK; r++)
            if (is_there && row + r < rows)
            {
                const float plain = means_of_row[2 * r] * share, moved = means_of_row[2 * r + 1] * share;
                float past[8];
                widen<T>(streams[r][2], past);
#pragma unroll
                for (int k = 0; k < 8; k++)
                {
                    past[k] = fmaf(inverse[r], up[r][k] - plain - normed[r][k] * moved, past[k]);
                    sums[2][k] += past[k];
                }
                gradient[(row + r) * vectors + vector] = narrow<T>(past);
            }
    }
    if (is_there)
    {
        const long long columns = 8ll * vectors;
#pragma unroll
        for (int which = 0; which < 3; which++)
        {
            float4 *to = reinterpret_cast<float4 *>(partials + (3ll * blockIdx.x + which) * columns + 8 * vector);
            to[0] = float4{sums[which][0], sums[which][1], sums[which][2], sums[which][3]};
            to[1] = float4{sums[which][4], sums[which][5], sums[which][6], sums[which][7]};
        }
    }
}

#define ADD_NORM(TYPE, T) \
    extern "C" __global__ void __launch_bounds__(256) add_norm_##TYPE( \
        const Eight *x, const Eight *a, const Eight *b, const Eight *weight, const Eight *start, long long rows, int vectors, \
        float epsilon, Eight *s, Eight *n, float *means, float *inverses) \
    { \
        add_norm<T>(x, a, b, weight, start, rows, vectors, epsilon, s, n, means, inverses); \
    } \
    extern "C" __global__ void __launch_bounds__(256) add_norm_back_##TYPE( \
        const Eight *s, const Eight *dn, const Eight *ds, const Eight *weight, long long rows, int vectors, const float *means, \
        const float *inverses, Eight *gradient, float *partials) \
    { \
        add_norm_back<T>(s, dn, ds, weight, rows, vectors, means, inverses, gradient, partials); \
    }

ADD_NORM(bf16, BFloat16)
ADD_NORM(fp16, Float16)
