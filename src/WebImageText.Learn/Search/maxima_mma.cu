// The greatest score of every query in each block of 2,048 references; the scores themselves are never written. Products of
// float16 with sums in float32, by the tensor cores' instructions of compute capability 8.0 and later. One source by itself.
//
// A block of threads keeps 128 queries in shared memory and walks through some blocks of references, 256 rows at a time. Rows go
// through shared memory in slabs of 64 numbers (128 bytes a row), three of which are on their way at a time.

constexpr int Queries = 128, Columns = 256, BlockRows = 2048, Stages = 3, Line = 128, Units = 8;

struct __align__(16) Unit // eight numbers
{
    unsigned int pair[4];
};

// Where a unit lies in a slab: moved by its row, so that eight rows of one column lie in different banks.
__device__ __forceinline__ unsigned int place(int row, int unit) { return row * Line + ((unit ^ (row & 7)) << 4); }

__device__ __forceinline__ void copy(unsigned int to, const Unit *from, bool is_there)
{
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(from), "r"(is_there ? 16 : 0) : "memory");
}

__device__ __forceinline__ void commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }

__device__ __forceinline__ void fragments(unsigned int (&to)[4], unsigned int from)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"(from));
}

__device__ __forceinline__ void multiply(float (&sum)[4], const unsigned int (&a)[4], unsigned int b0, unsigned int b1)
{
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// queries: float16 [rows, 64 x slabs]; references: float16 [2,048 x blocks, 64 x slabs]; best: float32 [rows, blocks].
// The grid: tiles of 128 queries within parts of so many blocks of references, so that neighbours share references.
extern "C" __global__ void __launch_bounds__(256) maxima_mma(
    const Unit *queries, long long rows, const Unit *references, int blocks, int blocks_each, int tiles, int slabs, float *best)
{
    extern __shared__ __align__(128) unsigned char memory[];
    __shared__ float held[4][Queries];
    constexpr unsigned int QuerySlab = Queries * Line, Stage = Columns * Line;
    const int thread = threadIdx.x, lane = thread & 31, warp = thread >> 5, row = thread >> 3, unit = thread & 7;
    const int part = blockIdx.x / tiles, first = part * blocks_each, rest = blocks - first, vectors = slabs * Units;
    const int count = rest < blocks_each ? rest : blocks_each, steps = count * (BlockRows / Columns) * slabs;
    const long long first_query = static_cast<long long>(blockIdx.x % tiles) * Queries;
    const unsigned int kept = static_cast<unsigned int>(__cvta_generic_to_shared(memory)), ring = kept + slabs * QuerySlab;

#pragma unroll
    for (int i = 0; i < Queries / 32; i++)
    {
        const long long query = first_query + row + 32 * i;
        const Unit *from = queries + (query < rows ? query : rows - 1) * vectors + unit;
        for (int slab = 0; slab < slabs; slab++)
            copy(kept + slab * QuerySlab + place(row + 32 * i, unit), from + slab * Units, query < rows);
    }
    const Unit *next = references + (static_cast<long long>(first) * BlockRows + row) * vectors + unit;
    int next_slab = 0;
    const auto fetch = [&](int step) {
        const unsigned int to = ring + step % Stages * Stage + place(row, unit);
#pragma unroll
        for (int i = 0; i < Columns / 32; i++)
            copy(to + 32 * i * Line, next + 32ll * i * vectors + next_slab * Units, true);
        if (++next_slab == slabs)
            next_slab = 0, next += static_cast<long long>(Columns) * vectors;
    };
    for (int step = 0; step < Stages - 1; step++)
    {
        fetch(step);
        commit();
    }

    // Eight warps: two halves of the queries, four quarters of the references.
    const int half = warp >> 2, quarter = warp & 3;
    const int a_row = 64 * half + (lane & 15), a_unit = lane >> 4;
    const int b_row = 64 * quarter + (lane & 7) + (lane >> 4) * 8, b_unit = lane >> 3 & 1;
    const float least = __int_as_float(0xff800000);
    float sums[4][8][4] = {}, most[4][2];
#pragma unroll
    for (int i = 0; i < 4; i++)
        most[i][0] = most[i][1] = least;
    int slab = 0, tile = 0, block = first;
    for (int step = 0; step < steps; step++)
    {
        asm volatile("cp.async.wait_group %0;" ::"n"(Stages - 2) : "memory");
        __syncthreads();
        if (step + Stages - 1 < steps)
            fetch(step + Stages - 1);
        commit(); // an empty group keeps the count
        const unsigned int asked = kept + slab * QuerySlab, stage = ring + step % Stages * Stage;
#pragma unroll
        for (int k = 0; k < 4; k++)
        {
            unsigned int a[4][4], b[4][4];
#pragma unroll
            for (int i = 0; i < 4; i++)
            {
                fragments(a[i], asked + place(a_row + 16 * i, 2 * k + a_unit));
                fragments(b[i], stage + place(b_row + 16 * i, 2 * k + b_unit));
            }
#pragma unroll
            for (int i = 0; i < 4; i++)
#pragma unroll
                for (int j = 0; j < 8; j++)
                    multiply(sums[i][j], a[i], b[j / 2][j % 2 * 2], b[j / 2][j % 2 * 2 + 1]);
        }
        if (++slab < slabs)
            continue;
        slab = 0;
#pragma unroll
        for (int i = 0; i < 4; i++)
#pragma unroll
            for (int j = 0; j < 8; j++)
#pragma unroll
                for (int k = 0; k < 4; k++)
                {
                    most[i][k / 2] = fmaxf(most[i][k / 2], sums[i][j][k]);
                    sums[i][j][k] = 0;
                }
        if (++tile < BlockRows / Columns)
            continue;
        tile = 0;
#pragma unroll
        for (int i = 0; i < 4; i++)
#pragma unroll
            for (int k = 0; k < 2; k++)
            {
                float value = most[i][k];
                value = fmaxf(value, __shfl_xor_sync(0xffffffffu, value, 1));
                value = fmaxf(value, __shfl_xor_sync(0xffffffffu, value, 2));
                if ((lane & 3) == 0)
                    held[quarter][64 * half + 16 * i + 8 * k + (lane >> 2)] = value;
                most[i][k] = least;
            }
        __syncthreads(); // the next writes to what is held are many steps, and their barriers, away
        if (thread < Queries && first_query + thread < rows)
            best[(first_query + thread) * blocks + block] =
                fmaxf(fmaxf(held[0][thread], held[1][thread]), fmaxf(held[2][thread], held[3][thread]));
        block++;
    }
}
