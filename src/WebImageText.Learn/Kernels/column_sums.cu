// Adds up what the blocks of a walk over rows left for each column: partials float32 [blocks, sums, columns], the sums of
// blockIdx.y into the tensor of that number, in its type. A null tensor is left out.
template <typename T>
__device__ __forceinline__ void column_sums(
    const float *partials, int blocks, int sums, int columns, unsigned short *first, unsigned short *second, unsigned short *third)
{
    const int column = blockIdx.x * 32 + threadIdx.x, which = blockIdx.y;
    unsigned short *to = which == 0 ? first : which == 1 ? second : third;
    const bool is_there = column < columns && to;
    const double sum = column_sum(partials + static_cast<long long>(which) * columns + column, blocks, static_cast<long long>(sums) * columns, is_there);
    if (threadIdx.y == 0 && is_there)
        to[column] = static_cast<unsigned short>(T::pack(static_cast<float>(sum), 0));
}

#define COLUMN_SUMS(TYPE, T) \
    extern "C" __global__ void __launch_bounds__(1024) column_sums_##TYPE( \
        const float *partials, int blocks, int sums, int columns, unsigned short *first, unsigned short *second, unsigned short *third) \
    { \
        column_sums<T>(partials, blocks, sums, columns, first, second, third); \
    }

COLUMN_SUMS(bf16, BFloat16)
COLUMN_SUMS(fp16, Float16)

// Sums over the rows of three matrices. partials: float32 [gridDim.x, 3, columns]
template <typename T>
__device__ __forceinline__ void three_sums(
    const Eight *first, const Eight *second, const Eight *third, long long rows, int vectors, float *partials)
{
    const int vector = own_vector();
    float sums[3][8] = {};
    if (vector < vectors)
    {
        const Eight *const from[] = {first, second, third};
        each_row<2>(from, rows, vectors, vector, [&](long long, const Eight (&held)[3]) INLINED {
#pragma unroll
            for (int s = 0; s < 3; s++)
            {
                float value[8];
                widen<T>(held[s], value);
#pragma unroll
                for (int k = 0; k < 8; k++)
                    sums[s][k] += value[k];
            }
        });
    }
    write_partials(sums, partials, vectors);
}

#define THREE_SUMS(TYPE, T) \
    extern "C" __global__ void __launch_bounds__(256) three_sums_##TYPE( \
        const Eight *first, const Eight *second, const Eight *third, long long rows, int vectors, float *partials) \
    { \
        three_sums<T>(first, second, third, rows, vectors, partials); \
    }

THREE_SUMS(bf16, BFloat16)
THREE_SUMS(fp16, Float16)
