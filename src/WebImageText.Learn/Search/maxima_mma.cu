// The greatest score of every query in each block of 2,048 references; the scores themselves are never written.

// queries: float16 [rows, 64 x slabs]; references: float16 [2,048 x blocks, 64 x slabs]; best: float32 [rows, blocks].
// The grid: tiles of 128 queries within parts of so many blocks of references, so that neighbours share references.
extern "C" __global__ void __launch_bounds__(256) maxima_mma(
    const Unit *queries, long long rows, const Unit *references, int blocks, int blocks_each, int tiles, int slabs, float *best)
{
    __shared__ float held[4][Queries];
    constexpr int Tiles = BlockRows / Columns;
    const Place place_of;
    const int first = blockIdx.x / tiles * blocks_each, rest = blocks - first, count = rest < blocks_each ? rest : blocks_each;
    const long long first_query = static_cast<long long>(blockIdx.x % tiles) * Queries, vectors = slabs * Units;
    const float least = __int_as_float(0xff800000);
    float most[4][2];
#pragma unroll
    for (int i = 0; i < 4; i++)
        most[i][0] = most[i][1] = least;
    const auto query_at = [&](int row) INLINED { return first_query + row < rows ? queries + (first_query + row) * vectors : nullptr; };
    each_tile(query_at, references + first * BlockRows * vectors, count * Tiles, slabs, [&](int tile, const float (&sums)[4][8][4]) INLINED {
#pragma unroll
        for (int i = 0; i < 4; i++)
#pragma unroll
            for (int j = 0; j < 8; j++)
#pragma unroll
                for (int k = 0; k < 4; k++)
                    most[i][k / 2] = fmaxf(most[i][k / 2], sums[i][j][k]);
        if (tile % Tiles < Tiles - 1)
            return;
#pragma unroll
        for (int i = 0; i < 4; i++)
#pragma unroll
            for (int k = 0; k < 2; k++)
            {
                float value = most[i][k];
                value = fmaxf(value, __shfl_xor_sync(0xffffffffu, value, 1));
                value = fmaxf(value, __shfl_xor_sync(0xffffffffu, value, 2));
                if ((place_of.lane & 3) == 0)
                    held[place_of.quarter][place_of.row(i, k)] = value;
                most[i][k] = least;
            }
        __syncthreads(); // the next writes to what is held are many steps, and their barriers, away
        const int row = threadIdx.x;
        if (row < Queries && first_query + row < rows)
            best[(first_query + row) * blocks + first + tile / Tiles] = fmaxf(fmaxf(held[0][row], held[1][row]), fmaxf(held[2][row], held[3][row]));
    });
}
