// SPDX-License-Identifier: MIT
#include "tests/broker/side-by-side.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define AT_ONCE  10
#define JOBS_MAX 256

struct job {
	struct CMUnitTest test;
	FILE *output;
	pid_t pid;
	time_t began;
};

static struct job jobs[JOBS_MAX];
static size_t n_jobs;

void side_by_side_add(const char *name, CMUnitTestFunction test, void *state)
{
	assert(n_jobs < JOBS_MAX);
	jobs[n_jobs++].test = (struct CMUnitTest){name, test, NULL, NULL, state};
}

static int run_job(const struct job *job)
{
	const struct CMUnitTest one[] = {job->test};

	dup2(fileno(job->output), STDOUT_FILENO);
	dup2(fileno(job->output), STDERR_FILENO);
	return cmocka_run_group_tests(one, NULL, NULL);
}

static void start_job(struct job *job)
{
	job->began = time(NULL);
	job->output = tmpfile();
	assert(job->output);
	fflush(NULL);
	job->pid = fork();
	if (!job->pid)
		exit(run_job(job));
}

static void print_output(const struct job *job)
{
	char bytes[4096];
	size_t n;

	rewind(job->output);
	while ((n = fread(bytes, 1, sizeof(bytes), job->output)) > 0)
		fwrite(bytes, 1, n, stdout);
}

/* False: it failed. */
static bool end_job(pid_t pid, int status)
{
	for (size_t i = 0; i < n_jobs; i++) {
		if (jobs[i].pid != pid)
			continue;
		if (status)
			print_output(&jobs[i]);
		printf("%s %s, %ld s\n", status ? "FAIL" : "PASS", jobs[i].test.name,
			(long)(time(NULL) - jobs[i].began));
		fclose(jobs[i].output);
		fflush(stdout);
		return !status;
	}
	return true;
}

int side_by_side_run(void)
{
	size_t started = 0, running = 0, failed = 0;
	pid_t ended;
	int status;

	while (started < n_jobs || running) {
		if (started < n_jobs && running < AT_ONCE) {
			start_job(&jobs[started++]);
			running++;
			continue;
		}
		ended = wait(&status);
		failed += !end_job(ended, status);
		running--;
	}
	printf("%zu cases, %zu failed\n", n_jobs, failed);
	return failed ? 1 : 0;
}
